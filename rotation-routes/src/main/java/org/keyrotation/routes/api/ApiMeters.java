package org.keyrotation.routes.api;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Times each call, from the wait for a connection to the first byte of the response, and counts the calls in flight. */
final class ApiMeters {

    private final MeterRegistry registry;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

    private record Series(String method, String status) {}

    ApiMeters(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("rotation.api.in.flight", inFlight, AtomicInteger::get)
                .description("Management API calls in flight")
                .register(registry);
    }

    /** Counts a call that starts to wait for its connection. */
    Call start() {
        inFlight.incrementAndGet();
        return new Call(Timer.start(registry));
    }

    /** A call in flight. */
    final class Call {

        private static final String NO_RESPONSE = "none";

        private final Timer.Sample sample;

        private Call(Timer.Sample sample) {
            this.sample = sample;
        }

        void stop(String method, int status) {
            stop(method, Integer.toString(status));
        }

        void stopWithoutResponse(String method) {
            stop(method, NO_RESPONSE);
        }

        private void stop(String method, String status) {
            inFlight.decrementAndGet();
            sample.stop(timers.computeIfAbsent(new Series(method, status), ApiMeters.this::timer));
        }
    }

    private Timer timer(Series series) {
        return Timer.builder("rotation.api.calls")
                .description("Management API calls by method and HTTP status")
                .tag("method", series.method)
                .tag("status", series.status)
                .publishPercentileHistogram()
                .register(registry);
    }
}
