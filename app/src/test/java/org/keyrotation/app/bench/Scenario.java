package org.keyrotation.app.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.keyrotation.app.bench.BenchmarkRun.Kind;

/**
 * The work of a run.
 *
 * @param requests number of requests
 * @param credentials number of credentials that the requests name
 * @param latencyMs latency of the API
 * @param tailShare share of calls that take {@code tailMs} instead
 * @param readBack whether the implementation reads the credential before the rotation
 * @param deployment the instances that process the requests
 * @param ledgerCredentials number of credentials in the ledger at the start
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
        Deployment deployment,
        int ledgerCredentials) {

    /** The scenario with which those of a filled ledger are compared. */
    static final String EMPTY_LEDGER = "known-0";

    /** The scenario with which those of several instances are compared. */
    static final String ONE_INSTANCE = "instances-1";

    private static final int TAIL_MS = 1_000;
    private static final int MEMORY_MB = 256;

    /** A large ledger does not fit into the usual memory. */
    private static final int LARGE_LEDGER_MEMORY_MB = 768;

    private static final int LARGE_LEDGER = 300_000;

    /** Warms the broker up, so that the first implementation has no disadvantage. */
    static final Scenario WARM_UP = drain("warm-up", 10_000, 0);

    static List<Scenario> all() {
        return Stream.of(
                        drain("drain-50ms", 60_000, 50),
                        drain("drain-50ms-page", 60_000, 50).withDeployment(Deployment.WITH_PAGE),
                        drain("drain-50ms-no-read-back", 60_000, 50).withoutReadBack(),
                        drain("drain-50ms-300000", 300_000, 50),
                        drain("drain-50ms-300000-no-read-back", 300_000, 50).withoutReadBack(),
                        drain("drain-200ms", 40_000, 200),
                        drain("drain-200ms-no-read-back", 40_000, 200).withoutReadBack(),
                        drain("drain-0ms", 30_000, 0),
                        drain("drain-0ms-no-read-back", 30_000, 0).withoutReadBack(),
                        drain("tail-50ms", 60_000, 50).withTail(),
                        drain("tail-50ms-no-read-back", 60_000, 50).withTail().withoutReadBack(),
                        drain("hot-250", 10_000, 50).withCredentials(250),
                        drain("hot-250-no-read-back", 10_000, 50)
                                .withCredentials(250)
                                .withoutReadBack(),
                        drain(ONE_INSTANCE, 30_000, 200).withDeployment(Deployment.of(1)),
                        drain("instances-2", 60_000, 200).withDeployment(Deployment.of(2)),
                        drain("instances-3", 90_000, 200).withDeployment(Deployment.of(3)),
                        firstKey(EMPTY_LEDGER),
                        firstKey("known-100000").withLedgerCredentials(100_000),
                        firstKey("known-1000000").withLedgerCredentials(1_000_000),
                        new Scenario("idle", Kind.IDLE, 300, 300, 0, 0, 0, true, Deployment.SINGLE, 0),
                        new Scenario("trickle", Kind.TRICKLE, 6_000, 6_000, 0, 0, 0, true, Deployment.SINGLE, 0))
                .toList();
    }

    /** The scenarios with these names, separated by commas; {@code *} at the end stands for any rest. */
    static List<Scenario> named(String names) {
        List<String> selected = Arrays.asList(names.split(","));
        selected.forEach(name -> requireKnown(name));
        return all().stream()
                .filter(scenario -> selected.stream().anyMatch(scenario::isNamed))
                .toList();
    }

    private static void requireKnown(String name) {
        if (all().stream().noneMatch(scenario -> scenario.isNamed(name))) {
            throw new IllegalArgumentException("bench.scenarios: unknown scenario '%s', expected some of %s"
                    .formatted(name, all().stream().map(Scenario::name).toList()));
        }
    }

    private boolean isNamed(String pattern) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }

    private static Scenario drain(String name, int requests, int latencyMs) {
        return new Scenario(name, Kind.DRAIN, requests, requests, latencyMs, 0, 0, true, Deployment.SINGLE, 0);
    }

    private static Scenario firstKey(String name) {
        return new Scenario(name, Kind.FIRST_KEY, 1, 1, 50, 0, 0, true, Deployment.SINGLE, 0);
    }

    /** The maximum throughput in requests a second by Little's law; infinite without latency. */
    double bound() {
        double mean = latencyMs * (1 - tailShare) + tailMs * tailShare;
        return maxConcurrency() * 1_000 / (mean * (readBack ? 2 : 1));
    }

    /** The mean number of concurrent calls by Little's law. */
    double meanConcurrency(double keysPerSecond) {
        return keysPerSecond * maxConcurrency() / bound();
    }

    /** The largest heap of an instance. */
    int memoryMegabytes() {
        return Math.max(credentials, ledgerCredentials) < LARGE_LEDGER ? MEMORY_MB : LARGE_LEDGER_MEMORY_MB;
    }

    /** The description in the report. */
    String description() {
        return switch (kind) {
            case DRAIN -> drainDescription();
            case FIRST_KEY ->
                "seconds from the start to the first key, %,d credentials in the ledger".formatted(ledgerCredentials);
            case IDLE -> "milliseconds from a request to its key, p50 and p99; one request after another, with pauses";
            case TRICKLE -> "the same; 100 requests a second";
        };
    }

    private String drainDescription() {
        return "%,d requests".formatted(requests)
                + (credentials < requests ? " for %,d credentials".formatted(credentials) : "")
                + ", calls of %d ms".formatted(latencyMs)
                + (tailShare > 0 ? ", %.0f %% of them %,d ms".formatted(100 * tailShare, tailMs) : "")
                + (readBack ? ", read first" : "")
                + (deployment.page() ? ", with the page open" : "")
                + (deployment.inFlight() < Deployment.SINGLE.inFlight()
                        ? ", %d at once an instance".formatted(deployment.inFlight())
                        : "");
    }

    Map<String, String> properties() {
        return Map.of(
                "rotation.api.max-in-flight",
                Integer.toString(deployment.inFlight()),
                "rotation.read-back",
                Boolean.toString(readBack).toLowerCase(Locale.ROOT));
    }

    private int maxConcurrency() {
        return Math.min(deployment.instances() * deployment.inFlight(), credentials);
    }

    private Scenario withoutReadBack() {
        return new Scenario(
                name, kind, requests, credentials, latencyMs, tailShare, tailMs, false, deployment, ledgerCredentials);
    }

    private Scenario withTail() {
        return new Scenario(
                name, kind, requests, credentials, latencyMs, 0.01, TAIL_MS, readBack, deployment, ledgerCredentials);
    }

    private Scenario withCredentials(int count) {
        return new Scenario(
                name, kind, requests, count, latencyMs, tailShare, tailMs, readBack, deployment, ledgerCredentials);
    }

    private Scenario withDeployment(Deployment newDeployment) {
        return new Scenario(
                name,
                kind,
                requests,
                credentials,
                latencyMs,
                tailShare,
                tailMs,
                readBack,
                newDeployment,
                ledgerCredentials);
    }

    private Scenario withLedgerCredentials(int count) {
        return new Scenario(
                name, kind, requests, credentials, latencyMs, tailShare, tailMs, readBack, deployment, count);
    }

    /**
     * @param inFlight concurrent calls per instance
     * @param partitions of each topic
     * @param page whether a browser shows the operator's page
     */
    record Deployment(int instances, int inFlight, int partitions, boolean page) {

        static final Deployment SINGLE = new Deployment(1, 256, 8, false);
        static final Deployment WITH_PAGE = new Deployment(1, 256, 8, true);

        /** 12 partitions spread evenly over one, two or three instances. */
        static Deployment of(int instances) {
            return new Deployment(instances, 64, 12, false);
        }
    }
}
