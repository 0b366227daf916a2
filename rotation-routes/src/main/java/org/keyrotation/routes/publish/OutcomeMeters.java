package org.keyrotation.routes.publish;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.model.RotationFailed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs each acknowledged outcome. All series are there from the start, at zero. */
final class OutcomeMeters implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(PublishRoutes.class);

    private final MeterRegistry registry;

    OutcomeMeters(MeterRegistry registry) {
        this.registry = registry;
        registry.counter("rotation.requests", "outcome", "rotated");
        registry.counter("rotation.requests", "outcome", "failed");
        for (FailureCode code : FailureCode.values()) {
            registry.counter("rotation.failures", "code", code.name());
        }
    }

    @Override
    public void process(Exchange exchange) {
        RotationEvent event = exchange.getMessage().getBody(RotationEvent.class);
        if (event instanceof ClientKeyRotated rotated) {
            registry.counter("rotation.requests", "outcome", "rotated").increment();
            LOG.info(
                    "Rotated {} (request {}): new key {}, usable from {}, the old one dies at {}",
                    rotated.credential(),
                    rotated.requestId(),
                    rotated.keyFingerprint(),
                    rotated.usableFrom(),
                    rotated.previousKeyExpiresAt());
        } else if (event instanceof RotationFailed failed) {
            registry.counter("rotation.requests", "outcome", "failed").increment();
            registry.counter("rotation.failures", "code", failed.code().name()).increment();
            LOG.warn(
                    "{} for {} (request {}, found at {}): {}",
                    failed.code(),
                    failed.credential(),
                    failed.requestId(),
                    failed.source(),
                    failed.detail());
        }
    }
}
