package org.keyrotation.app.bench;

import java.util.Scanner;

/**
 * The API's figures of one run.
 *
 * @param firstAnswerAt in milliseconds since the epoch
 * @param failures responses other than 200
 * @param maxInFlightPerCredential maximum number of concurrent POSTs for one credential
 * @param currentKeys {@link LoadGenerator#checksum} of the credentials' keys at the end
 */
record ApiFigures(
        long firstAnswerAt,
        long calls,
        long posts,
        long failures,
        long generations,
        long maxInFlight,
        long maxInFlightPerCredential,
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
                        maxInFlightPerCredential,
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
