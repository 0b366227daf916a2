package org.keyrotation.app.faults;

import java.util.List;
import java.util.stream.Stream;

/** Where a rotation can be held up, by the ids of the routes' nodes, in the order in which it comes past them. */
final class CrashPoints {

    private CrashPoints() {}

    /** Of one whose answer arrives. */
    static List<String> ofARotation() {
        return aroundEach(
                "read-credential", "record-started", "call-generate-client-key", "publish-outcome", "record-settled");
    }

    /** Of one whose answer is lost. */
    static List<String> ofARecovery() {
        return aroundEach(
                "read-credential",
                "record-started",
                "call-generate-client-key",
                "read-credential-back",
                "publish-outcome",
                "record-settled");
    }

    static List<String> ofADeferral() {
        return aroundEach("defer-request");
    }

    /** Of one that is refused, from when it is written down how it ends. */
    static List<String> ofAFailure() {
        return Stream.concat(Stream.of("after:record-ending"), aroundEach("publish-outcome", "record-settled").stream())
                .toList();
    }

    private static List<String> aroundEach(String... nodes) {
        return Stream.of(nodes)
                .flatMap(node -> Stream.of("before:" + node, "after:" + node))
                .toList();
    }
}
