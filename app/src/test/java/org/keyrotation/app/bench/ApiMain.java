package org.keyrotation.app.bench;

import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.keyrotation.sandbox.ApiOptions;
import org.keyrotation.sandbox.ReceivedRequest;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The simulated API of one run in a JVM of its own. It prints its figures on SIGTERM. */
final class ApiMain {

    static final String ADDRESS_PREFIX = "api at ";
    static final String FIGURES_PREFIX = "api figures ";
    static final String KEY = "bench";

    private final SimulatedManagementApi api =
            SimulatedManagementApi.start(ApiOptions.defaults().withApiKey(KEY));
    private final AtomicLong firstAnswerAt = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong posts = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final int credentials;

    private ApiMain(int credentials) {
        this.credentials = credentials;
    }

    /** Takes the latency and the tail latency in milliseconds, the share of the tail, and the number of credentials. */
    public static void main(String[] args) throws InterruptedException {
        ApiMain main = new ApiMain(Integer.parseInt(args[3]));
        main.api.latency(Duration.ofMillis(Long.parseLong(args[0])));
        main.api.tail(Double.parseDouble(args[2]), Duration.ofMillis(Long.parseLong(args[1])));
        for (int i = 0; i < main.credentials; i++) {
            main.api.addCredential(LoadGenerator.COMPANY, LoadGenerator.credential(i));
        }
        main.api.onRequest(main::count);
        Runtime.getRuntime().addShutdownHook(new Thread(main::printFigures));
        System.out.println(ADDRESS_PREFIX + main.api.baseUrl());
        Thread.currentThread().join();
    }

    private void count(ReceivedRequest request) {
        firstAnswerAt.compareAndSet(0, System.currentTimeMillis());
        calls.incrementAndGet();
        if (request.method().equals("POST")) {
            posts.incrementAndGet();
        }
        if (request.status().orElse(0) != 200) {
            failures.incrementAndGet();
        }
    }

    private void printFigures() {
        ApiFigures figures = new ApiFigures(
                firstAnswerAt.get(),
                calls.get(),
                posts.get(),
                failures.get(),
                api.truth().totalGenerations(),
                api.truth().maxInFlight(),
                api.truth().maxInFlightPerCredential(),
                LoadGenerator.checksum(IntStream.range(0, credentials)
                        .mapToObj(LoadGenerator::credential)
                        .collect(toMap(LoadGenerator::name, id -> api.truth().currentKey(LoadGenerator.COMPANY, id)))));
        System.out.println(FIGURES_PREFIX + figures.line());
    }
}
