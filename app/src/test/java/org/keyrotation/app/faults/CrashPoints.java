package org.keyrotation.app.faults;

import java.util.List;
import java.util.stream.Stream;

/** The crash points of a rotation by node id, in the order of the routes. */
final class CrashPoints {

    private CrashPoints() {}

    /** Crash points of a rotation whose response arrives. */
    static List<String> ofRotation() {
        return aroundEach(
                "read-credential", "record-started", "call-generate-client-key", "publish-outcome", "record-settled");
    }

    /** Crash points of a rotation whose response is lost. */
    static List<String> ofRecovery() {
        return aroundEach(
                "read-credential",
                "record-started",
                "call-generate-client-key",
                "read-credential-back",
                "publish-outcome",
                "record-settled");
    }

    static List<String> ofDeferral() {
        return aroundEach("defer-request");
    }

    /** Crash points of a rejected request, from the moment when the ledger records its failure. */
    static List<String> ofFailure() {
        return Stream.concat(Stream.of("after:record-ending"), aroundEach("publish-outcome", "record-settled").stream())
                .toList();
    }

    private static List<String> aroundEach(String... nodes) {
        return Stream.of(nodes)
                .flatMap(node -> Stream.of("before:" + node, "after:" + node))
                .toList();
    }
}
