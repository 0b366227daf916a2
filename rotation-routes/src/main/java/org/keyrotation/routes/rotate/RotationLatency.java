package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.keyrotation.routes.RotationOutcome;

/** Timer of the latency from the request to its acknowledged key. */
final class RotationLatency {

    private final Timer timer;
    private final Clock clock;

    RotationLatency(MeterRegistry meters, Clock clock) {
        this.timer = Timer.builder("rotation.request.to.key")
                .description("Time from the request to the acknowledged new key")
                .publishPercentileHistogram()
                .register(meters);
        this.clock = clock;
    }

    void record(Exchange exchange) {
        Rotation rotation = exchange.getMessage().getBody(Rotation.class);
        if (rotation.outcome() instanceof RotationOutcome.Rotated) {
            timer.record(Duration.between(requireNonNull(rotation.request().requestedAt()), clock.instant()));
        }
    }
}
