package org.keyrotation.app.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.keyrotation.app.bench.BenchmarkRun.Kind;

/**
 * What a contender is to do.
 *
 * @param requests how many
 * @param credentials over how many credentials they are spread
 * @param latencyMs of the API
 * @param tailShare of its calls that take {@code tailMs} instead
 * @param readBack whether the credential is read before it is rotated
 * @param fleet who does it, together
 * @param known credentials that the ledger holds at the start
 */
record Scenario(
        String name,
        Kind kind,
        int requests,
        int credentials,
        int latencyMs,
        double tailShare,
        int tailMs,
        boolean readBack,
        Fleet fleet,
        int known) {

    private static final int TAIL_MS = 1_000;

    /** Whoever came first would find a cold broker. */
    static final Scenario WARM_UP = drain("warm-up", 10_000, 0);

    static List<Scenario> all() {
        return Stream.of(
                        drain("drain-50ms", 60_000, 50),
                        drain("drain-50ms-no-read-back", 60_000, 50).withoutReadBack(),
                        drain("drain-200ms", 40_000, 200),
                        drain("drain-200ms-no-read-back", 40_000, 200).withoutReadBack(),
                        drain("drain-0ms", 30_000, 0),
                        drain("drain-0ms-no-read-back", 30_000, 0).withoutReadBack(),
                        drain("tail-50ms", 60_000, 50).withTail(),
                        drain("tail-50ms-no-read-back", 60_000, 50).withTail().withoutReadBack(),
                        drain("hot-250", 10_000, 50).over(250),
                        drain("hot-250-no-read-back", 10_000, 50).over(250).withoutReadBack(),
                        drain("instances-1", 30_000, 200).by(Fleet.of(1)),
                        drain("instances-2", 60_000, 200).by(Fleet.of(2)),
                        drain("instances-3", 90_000, 200).by(Fleet.of(3)),
                        firstKey("known-0"),
                        firstKey("known-100000").knowing(100_000),
                        new Scenario("idle", Kind.IDLE, 300, 300, 0, 0, 0, true, Fleet.ALONE, 0),
                        new Scenario("trickle", Kind.TRICKLE, 6_000, 6_000, 0, 0, 0, true, Fleet.ALONE, 0))
                .toList();
    }

    /** By their names, or the beginnings of their names; all where none is given. */
    static List<Scenario> named(String names) {
        List<String> wanted = Arrays.asList(names.split(","));
        List<Scenario> found = all().stream()
                .filter(scenario -> wanted.stream().anyMatch(scenario.name::startsWith))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("bench.scenarios: it is '%s'; allowed are the beginnings of %s"
                    .formatted(names, all().stream().map(Scenario::name).toList()));
        }
        return found;
    }

    private static Scenario drain(String name, int requests, int latencyMs) {
        return new Scenario(name, Kind.DRAIN, requests, requests, latencyMs, 0, 0, true, Fleet.ALONE, 0);
    }

    private static Scenario firstKey(String name) {
        return new Scenario(name, Kind.FIRST_KEY, 1, 1, 50, 0, 0, true, Fleet.ALONE, 0);
    }

    /** The most that can be done in a second, by Little's law; infinite where the API answers at once. */
    double bound() {
        double mean = latencyMs * (1 - tailShare) + tailMs * tailShare;
        return mostCallsAtOnce() * 1_000 / (mean * (readBack ? 2 : 1));
    }

    /** By Little's law, on the average. */
    double callsAtOnce(double keysPerSecond) {
        return keysPerSecond * mostCallsAtOnce() / bound();
    }

    Map<String, String> properties() {
        return Map.of(
                "rotation.api.max-in-flight",
                Integer.toString(fleet.inFlight()),
                "rotation.read-back",
                Boolean.toString(readBack).toLowerCase(Locale.ROOT));
    }

    private int mostCallsAtOnce() {
        return Math.min(fleet.instances() * fleet.inFlight(), credentials);
    }

    private Scenario withoutReadBack() {
        return new Scenario(name, kind, requests, credentials, latencyMs, tailShare, tailMs, false, fleet, known);
    }

    private Scenario withTail() {
        return new Scenario(name, kind, requests, credentials, latencyMs, 0.01, TAIL_MS, readBack, fleet, known);
    }

    private Scenario over(int few) {
        return new Scenario(name, kind, requests, few, latencyMs, tailShare, tailMs, readBack, fleet, known);
    }

    private Scenario by(Fleet many) {
        return new Scenario(name, kind, requests, credentials, latencyMs, tailShare, tailMs, readBack, many, known);
    }

    private Scenario knowing(int many) {
        return new Scenario(name, kind, requests, credentials, latencyMs, tailShare, tailMs, readBack, fleet, many);
    }

    /**
     * @param inFlight calls under way at once, per instance
     * @param partitions of each topic
     */
    record Fleet(int instances, int inFlight, int partitions) {

        static final Fleet ALONE = new Fleet(1, 256, 8);

        /** As many partitions for each, be it one, two or three. */
        static Fleet of(int instances) {
            return new Fleet(instances, 64, 12);
        }
    }
}
