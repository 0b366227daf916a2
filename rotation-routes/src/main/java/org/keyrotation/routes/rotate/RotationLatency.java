package org.keyrotation.routes.rotate;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.keyrotation.routes.RotationOutcome;

/**
 * Timer of the latency from the request to its acknowledged key. It counts from when the request was produced: its requestedAt
 * may lie far back.
 */
final class RotationLatency {

    /** The histogram has no finite bucket above this: by default 30 seconds. */
    private static final Duration MAX_EXPECTED = Duration.ofHours(1);

    private final Timer timer;
    private final Clock clock;

    RotationLatency(MeterRegistry meters, Clock clock) {
        this.timer = Timer.builder("rotation.request.to.key")
                .description("Time from when the request was produced to the acknowledged new key")
                .publishPercentileHistogram()
                .maximumExpectedValue(MAX_EXPECTED)
                .register(meters);
        this.clock = clock;
    }

    void record(Exchange exchange) {
        Rotation rotation = exchange.getMessage().getBody(Rotation.class);
        if (rotation.outcome() instanceof RotationOutcome.Rotated) {
            Duration latency = Duration.between(rotation.retryMetadata().producedAt(), clock.instant());
            timer.record(latency.isNegative() ? Duration.ZERO : latency); // the timer ignores a negative one
        }
    }
}
