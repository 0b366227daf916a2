package org.keyrotation.app.bench;

import java.util.Scanner;

/**
 * What the API saw in one run.
 *
 * @param firstAnswerAt in milliseconds of the epoch
 * @param failures answers other than 200
 * @param maxOfOneCredential the most POSTs that were under way at once for one credential
 * @param currentKeys a {@link Load#checksum} of the keys that the credentials have in the end
 */
record ApiFigures(
        long firstAnswerAt,
        long calls,
        long posts,
        long failures,
        long generations,
        long maxInFlight,
        long maxOfOneCredential,
        long currentKeys) {

    String line() {
        return "%d %d %d %d %d %d %d %d"
                .formatted(
                        firstAnswerAt,
                        calls,
                        posts,
                        failures,
                        generations,
                        maxInFlight,
                        maxOfOneCredential,
                        currentKeys);
    }

    static ApiFigures parse(String line) {
        Scanner in = new Scanner(line);
        return new ApiFigures(
                in.nextLong(),
                in.nextLong(),
                in.nextLong(),
                in.nextLong(),
                in.nextLong(),
                in.nextLong(),
                in.nextLong(),
                in.nextLong());
    }
}
