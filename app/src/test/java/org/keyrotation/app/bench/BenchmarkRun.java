package org.keyrotation.app.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.keyrotation.app.AppProcess;

/** One run of one implementation. */
final class BenchmarkRun {

    private static final Duration BASE_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration TIMEOUT_PER_REQUEST = Duration.ofMillis(10);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration LINGER = Duration.ofMillis(20);
    private static final Duration TICK = Duration.ofMillis(20);
    private static final int TRICKLE_MS = 10;

    /** Longer than the service considers a send as non-blocking. */
    private static final int LONG_PAUSE_MS = 2_500;

    private static final int LONG_PAUSE_EVERY = 30;
    private static final int MIN_PAUSE_MS = 5;

    private final Scenario scenario;
    private final Implementation implementation;
    private final TestedJvm jvm;
    private final String brokers;
    private final Duration timeout;

    enum Kind {
        /** All requests exist before the implementation starts. */
        DRAIN,
        /** One request exists before the implementation starts. */
        FIRST_KEY,
        /** Each request follows the previous request's key after a pause, some of them long. */
        IDLE,
        /** One request every 10 ms, regardless of the outcomes. */
        TRICKLE
    }

    BenchmarkRun(Scenario scenario, Implementation implementation, TestedJvm jvm, String brokers) {
        this.scenario = scenario;
        this.implementation = implementation;
        this.jvm = jvm;
        this.brokers = brokers;
        this.timeout = BASE_TIMEOUT.plus(TIMEOUT_PER_REQUEST.multipliedBy(scenario.requests()));
    }

    Sample run() throws InterruptedException {
        try (BenchmarkEnvironment environment = new BenchmarkEnvironment(scenario, brokers);
                ResultConsumer results = new ResultConsumer(
                        brokers, environment.keys, scenario.deployment().partitions())) {
            return switch (scenario.kind()) {
                case DRAIN -> drain(environment, results);
                case FIRST_KEY -> firstKey(environment, results);
                case IDLE -> idle(environment, results);
                case TRICKLE -> trickle(environment, results);
            };
        }
    }

    private Sample drain(BenchmarkEnvironment environment, ResultConsumer results) {
        try (LoadGenerator load = new LoadGenerator(brokers, LINGER)) {
            load.requests(environment.requests, scenario.requests(), scenario.credentials());
        }
        long startedAt = System.currentTimeMillis();
        IntStream.range(0, scenario.deployment().instances()).forEach(i -> environment.start(implementation, jvm));
        await(timeout, () -> results.poll(TICK) > 0);
        Duration cpuAtFirstKey = cpu(environment);
        int warmUpKeys = results.poll(Duration.ZERO);
        await(timeout, () -> results.pollInfrequently() >= scenario.requests());
        Duration cpu = cpu(environment).minus(cpuAtFirstKey);
        await(COMMIT_TIMEOUT, () -> environment.uncommitted() == 0);
        double peak = peakMegabytes(environment);
        long uncommitted = environment.uncommitted();
        long ledgerEntries = environment.ledgerEntries();
        ApiFigures api = environment.stop();
        results.poll(TICK);
        long[] times = results.times();
        if (times.length == 0) {
            return new Sample.Builder().build(List.of("no key"));
        }
        List<String> problems =
                new ArrayList<>(Verification.problems(scenario, results.all(), api, ledgerEntries, uncommitted));
        if (environment.pageMillis().filter(millis -> millis.length == 0).isPresent()) {
            problems.add("the page showed no view");
        }
        double perSecond = scenario.requests() * 1_000.0 / (times[times.length - 1] - api.firstAnswerAt());
        Sample.Builder sample = new Sample.Builder().with(Figure.KEYS_PER_SECOND, perSecond);
        environment.pageMillis().ifPresent(millis -> sample.with(Figure.PAGE, Statistics.median(millis)));
        if (scenario.latencyMs() > 0) {
            sample.with(Figure.SHARE_OF_MAXIMUM, 100 * perSecond / scenario.bound())
                    .with(Figure.MEAN_CALLS, scenario.meanConcurrency(perSecond));
        }
        return sample.with(Figure.MAX_CALLS, (double) api.maxInFlight())
                .with(Figure.CPU, cpu.toNanos() / 1e6 / Math.max(1, scenario.requests() - warmUpKeys))
                .with(Figure.PEAK_MEMORY, peak)
                .with(Figure.FIRST_KEY, (times[0] - startedAt) / 1_000.0)
                .build(problems);
    }

    private Sample firstKey(BenchmarkEnvironment environment, ResultConsumer results) {
        try (LoadGenerator load = new LoadGenerator(brokers, Duration.ZERO)) {
            load.requests(environment.requests, scenario.requests(), scenario.credentials());
        }
        long startedAt = System.currentTimeMillis();
        AppProcess unused = environment.start(implementation, jvm);
        await(timeout, () -> results.poll(TICK) > 0);
        await(COMMIT_TIMEOUT, () -> environment.uncommitted() == 0);
        double peak = peakMegabytes(environment);
        Sample.Builder sample = new Sample.Builder();
        if (results.times().length > 0) {
            sample.with(Figure.FIRST_KEY, (results.times()[0] - startedAt) / 1_000.0);
        }
        return sample.with(Figure.PEAK_MEMORY, peak).build(stop(environment, results));
    }

    private Sample idle(BenchmarkEnvironment environment, ResultConsumer results) throws InterruptedException {
        AppProcess unused = environment.start(implementation, jvm);
        int warmUp = scenario.requests() / 2;
        double[] millis = new double[scenario.requests()];
        try (LoadGenerator load = new LoadGenerator(brokers, Duration.ZERO)) {
            for (int i = 0; i < scenario.requests(); i++) {
                int previous = i;
                Thread.sleep(pauseBefore(i));
                long sentAt = System.nanoTime();
                load.request(environment.requests, i, scenario.credentials(), System.currentTimeMillis());
                await(timeout, () -> results.poll(Duration.ofSeconds(1)) > previous);
                millis[i] = (System.nanoTime() - sentAt) / 1e6;
            }
        }
        return latencies(environment, results, Arrays.copyOfRange(millis, warmUp, millis.length));
    }

    private Sample trickle(BenchmarkEnvironment environment, ResultConsumer results) throws InterruptedException {
        AppProcess unused = environment.start(implementation, jvm);
        int warmUp = scenario.requests() / 3;
        long[] sentAt = new long[scenario.requests()];
        try (LoadGenerator load = new LoadGenerator(brokers, Duration.ZERO)) {
            load.request(environment.requests, 0, scenario.credentials(), System.currentTimeMillis());
            await(timeout, () -> results.poll(TICK) > 0);
            long next = System.currentTimeMillis();
            for (int i = 1; i < scenario.requests(); i++) {
                next += TRICKLE_MS;
                Thread.sleep(Math.max(0, next - System.currentTimeMillis()));
                sentAt[i] = System.currentTimeMillis();
                load.request(environment.requests, i, scenario.credentials(), sentAt[i]);
            }
        }
        await(timeout, () -> results.poll(TICK) >= scenario.requests());
        double[] millis = results.all().stream()
                .filter(result -> result.request() >= warmUp)
                .mapToDouble(result -> (double) (result.at() - sentAt[result.request()]))
                .toArray();
        return latencies(environment, results, millis);
    }

    private Sample latencies(BenchmarkEnvironment environment, ResultConsumer results, double[] millis) {
        await(COMMIT_TIMEOUT, () -> environment.uncommitted() == 0);
        return new Sample.Builder()
                .with(Figure.P50, Statistics.percentile(millis, 50))
                .with(Figure.P99, Statistics.percentile(millis, 99))
                .build(stop(environment, results));
    }

    /** Stops the run and returns its problems. */
    private List<String> stop(BenchmarkEnvironment environment, ResultConsumer results) {
        long uncommitted = environment.uncommitted();
        long ledgerEntries = environment.ledgerEntries();
        ApiFigures api = environment.stop();
        results.poll(TICK);
        return Verification.problems(scenario, results.all(), api, ledgerEntries, uncommitted);
    }

    private static double peakMegabytes(BenchmarkEnvironment environment) {
        return environment.processes().stream()
                .mapToDouble(each -> ProcessUsage.peakMegabytes(each.pid()))
                .max()
                .orElse(Double.NaN);
    }

    /** Varying short pauses, so that requests do not synchronise with a poll, and a long one now and then. */
    private static int pauseBefore(int request) {
        return request % LONG_PAUSE_EVERY == 0 ? LONG_PAUSE_MS : MIN_PAUSE_MS + request % 20;
    }

    private static Duration cpu(BenchmarkEnvironment environment) {
        return environment.processes().stream()
                .map(process -> ProcessUsage.cpu(process.pid()))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Returns after a timeout, too: the verification reports it. */
    private static void await(Duration timeout, BooleanSupplier condition) {
        long end = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
