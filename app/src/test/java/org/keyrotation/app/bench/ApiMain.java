package org.keyrotation.app.bench;

import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.keyrotation.sandbox.ApiOptions;
import org.keyrotation.sandbox.ReceivedRequest;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The simulated API of one run, in a JVM of its own; at SIGTERM it tells what it saw. */
final class ApiMain {

    static final String AT = "api at ";
    static final String SAW = "api saw ";
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

    /** Takes the latency and that of the tail in milliseconds, the tail's share, and the number of credentials. */
    public static void main(String[] args) throws InterruptedException {
        ApiMain main = new ApiMain(Integer.parseInt(args[3]));
        main.api.latency(Duration.ofMillis(Long.parseLong(args[0])));
        main.api.tail(Double.parseDouble(args[2]), Duration.ofMillis(Long.parseLong(args[1])));
        for (int i = 0; i < main.credentials; i++) {
            main.api.addCredential(Load.COMPANY, Load.credential(i));
        }
        main.api.onRequest(main::count);
        Runtime.getRuntime().addShutdownHook(new Thread(main::tell));
        System.out.println(AT + main.api.baseUrl());
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

    private void tell() {
        ApiFigures figures = new ApiFigures(
                firstAnswerAt.get(),
                calls.get(),
                posts.get(),
                failures.get(),
                api.truth().totalGenerations(),
                api.truth().maxInFlight(),
                api.truth().maxInFlightOfOneCredential(),
                Load.checksum(IntStream.range(0, credentials)
                        .mapToObj(Load::credential)
                        .collect(toMap(Load::name, id -> api.truth().currentKey(Load.COMPANY, id)))));
        System.out.println(SAW + figures.line());
    }
}
