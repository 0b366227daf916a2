package org.keyrotation.routes.api;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/** Times each call, from the wait for a connection to the first byte of the response, and counts the calls in flight. */
final class ApiMeters implements ExecChainHandler {

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

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Timer.Sample sample = Timer.start(registry);
        String status = "none";
        inFlight.incrementAndGet();
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            status = Integer.toString(response.getCode());
            return response;
        } finally {
            inFlight.decrementAndGet();
            sample.stop(timers.computeIfAbsent(new Series(request.getMethod(), status), this::timer));
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
