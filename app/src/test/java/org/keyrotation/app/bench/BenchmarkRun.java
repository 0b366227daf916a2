package org.keyrotation.app.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.keyrotation.app.AppProcess;

/** One run of one contender. */
final class BenchmarkRun {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration PATIENCE_FOR_EACH = Duration.ofMillis(10);
    private static final Duration LONGEST_COMMIT = Duration.ofSeconds(20);
    private static final Duration LINGER = Duration.ofMillis(20);
    private static final Duration TICK = Duration.ofMillis(20);
    private static final int TRICKLE_MS = 10;

    /** Longer than a send is remembered as one that did not block. */
    private static final int LONG_REST_MS = 2_500;

    private static final int EACH_LONG_REST = 30;
    private static final int SHORTEST_REST_MS = 5;

    private final Scenario scenario;
    private final Implementation contender;
    private final String brokers;
    private final Duration longest;

    enum Kind {
        /** All requests are there when the contender starts. */
        DRAIN,
        /** One request is there when the contender starts. */
        FIRST_KEY,
        /** Each request is made once the one before it has its key, after a rest, some of them long. */
        IDLE,
        /** A request each 10 ms, whatever comes back. */
        TRICKLE
    }

    BenchmarkRun(Scenario scenario, Implementation contender, String brokers) {
        this.scenario = scenario;
        this.contender = contender;
        this.brokers = brokers;
        this.longest = PATIENCE.plus(PATIENCE_FOR_EACH.multipliedBy(scenario.requests()));
    }

    Sample run() throws InterruptedException {
        try (BenchmarkEnvironment arena = new BenchmarkEnvironment(scenario, brokers);
                Results results =
                        new Results(brokers, arena.keys, scenario.fleet().partitions())) {
            return switch (scenario.kind()) {
                case DRAIN -> drain(arena, results);
                case FIRST_KEY -> firstKey(arena, results);
                case IDLE -> idle(arena, results);
                case TRICKLE -> trickle(arena, results);
            };
        }
    }

    private Sample drain(BenchmarkEnvironment arena, Results results) {
        try (Load load = new Load(brokers, LINGER)) {
            load.requests(arena.requests, scenario.requests(), scenario.credentials());
        }
        long startedAt = System.currentTimeMillis();
        IntStream.range(0, scenario.fleet().instances()).forEach(i -> arena.start(contender));
        await(longest, () -> results.poll(TICK) > 0);
        Duration cpuAtFirst = cpu(arena);
        int first = results.poll(Duration.ZERO);
        await(longest, () -> results.pollSeldom() >= scenario.requests());
        Duration cpu = cpu(arena).minus(cpuAtFirst);
        await(LONGEST_COMMIT, () -> arena.uncommitted() == 0);
        double peak = peakMegabytes(arena);
        long uncommitted = arena.uncommitted();
        long ledgerEntries = arena.ledgerEntries();
        ApiFigures api = arena.end();
        results.poll(TICK);
        long[] times = results.times();
        if (times.length == 0) {
            return new Sample.Builder().build(List.of("no key at all"));
        }
        double perSecond = scenario.requests() * 1_000.0 / (times[times.length - 1] - api.firstAnswerAt());
        Sample.Builder sample = new Sample.Builder().with("keys/s", perSecond);
        if (scenario.latencyMs() > 0) {
            sample.with("of the bound, %", 100 * perSecond / scenario.bound())
                    .with("calls at once, mean", scenario.callsAtOnce(perSecond));
        }
        return sample.with("calls at once, most", (double) api.maxInFlight())
                .with("CPU, ms a key", cpu.toNanos() / 1e6 / Math.max(1, scenario.requests() - first))
                .with("peak memory, MB", peak)
                .with("first key after, s", (times[0] - startedAt) / 1_000.0)
                .build(Verification.problems(scenario, results.all(), api, ledgerEntries, uncommitted));
    }

    private Sample firstKey(BenchmarkEnvironment arena, Results results) {
        try (Load load = new Load(brokers, Duration.ZERO)) {
            load.requests(arena.requests, scenario.requests(), scenario.credentials());
        }
        long startedAt = System.currentTimeMillis();
        AppProcess unused = arena.start(contender);
        await(longest, () -> results.poll(TICK) > 0);
        await(LONGEST_COMMIT, () -> arena.uncommitted() == 0);
        double peak = peakMegabytes(arena);
        Sample.Builder sample = new Sample.Builder();
        if (results.times().length > 0) {
            sample.with("first key after, s", (results.times()[0] - startedAt) / 1_000.0);
        }
        return sample.with("peak memory, MB", peak).build(end(arena, results));
    }

    private Sample idle(BenchmarkEnvironment arena, Results results) throws InterruptedException {
        AppProcess unused = arena.start(contender);
        int warmUp = scenario.requests() / 2;
        double[] millis = new double[scenario.requests()];
        try (Load load = new Load(brokers, Duration.ZERO)) {
            for (int i = 0; i < scenario.requests(); i++) {
                int before = i;
                Thread.sleep(restBefore(i));
                long sentAt = System.nanoTime();
                load.request(arena.requests, i, scenario.credentials(), System.currentTimeMillis());
                await(longest, () -> results.poll(Duration.ofSeconds(1)) > before);
                millis[i] = (System.nanoTime() - sentAt) / 1e6;
            }
        }
        return delays(arena, results, Arrays.copyOfRange(millis, warmUp, millis.length));
    }

    private Sample trickle(BenchmarkEnvironment arena, Results results) throws InterruptedException {
        AppProcess unused = arena.start(contender);
        int warmUp = scenario.requests() / 3;
        long[] sentAt = new long[scenario.requests()];
        try (Load load = new Load(brokers, Duration.ZERO)) {
            load.request(arena.requests, 0, scenario.credentials(), System.currentTimeMillis());
            await(longest, () -> results.poll(TICK) > 0);
            long next = System.currentTimeMillis();
            for (int i = 1; i < scenario.requests(); i++) {
                next += TRICKLE_MS;
                Thread.sleep(Math.max(0, next - System.currentTimeMillis()));
                sentAt[i] = System.currentTimeMillis();
                load.request(arena.requests, i, scenario.credentials(), sentAt[i]);
            }
        }
        await(longest, () -> results.poll(TICK) >= scenario.requests());
        double[] millis = results.all().stream()
                .filter(result -> result.request() >= warmUp)
                .mapToDouble(result -> (double) (result.at() - sentAt[result.request()]))
                .toArray();
        return delays(arena, results, millis);
    }

    private Sample delays(BenchmarkEnvironment arena, Results results, double[] millis) {
        await(LONGEST_COMMIT, () -> arena.uncommitted() == 0);
        return new Sample.Builder()
                .with("request to key p50, ms", Statistics.percentile(millis, 50))
                .with("request to key p99, ms", Statistics.percentile(millis, 99))
                .build(end(arena, results));
    }

    /** Answers with what speaks against the run. */
    private List<String> end(BenchmarkEnvironment arena, Results results) {
        long uncommitted = arena.uncommitted();
        long ledgerEntries = arena.ledgerEntries();
        ApiFigures api = arena.end();
        results.poll(TICK);
        return Verification.problems(scenario, results.all(), api, ledgerEntries, uncommitted);
    }

    private static double peakMegabytes(BenchmarkEnvironment arena) {
        return arena.contestants().stream()
                .mapToDouble(each -> Usage.peakMegabytes(each.pid()))
                .max()
                .orElse(Double.NaN);
    }

    /** Short ones of different lengths, so that they do not keep step with a poll, and a long one now and then. */
    private static int restBefore(int request) {
        return request % EACH_LONG_REST == 0 ? LONG_REST_MS : SHORTEST_REST_MS + request % 20;
    }

    private static Duration cpu(BenchmarkEnvironment arena) {
        return arena.contestants().stream()
                .map(contestant -> Usage.cpu(contestant.pid()))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Where it does not come, the verification will tell. */
    private static void await(Duration patience, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
