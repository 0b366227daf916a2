package org.keyrotation.routes.publish;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.FailureCode;
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
        registry.counter("rotation.requests", "outcome", "satisfied");
        registry.counter("rotation.deferrals");
        for (FailureCode code : FailureCode.values()) {
            registry.counter("rotation.failures", "code", code.name());
        }
    }

    @Override
    public void process(Exchange exchange) {
        Outcome outcome = Concluded.outcomeOf(exchange);
        if (outcome instanceof Outcome.Told told && told.event() instanceof ClientKeyRotated rotated) {
            rotated(rotated);
        } else if (outcome instanceof Outcome.Told told && told.event() instanceof RotationFailed failed) {
            failed(failed);
        } else if (outcome instanceof Outcome.Satisfied satisfied) {
            satisfied(satisfied);
        } else if (outcome instanceof Outcome.Deferred deferred) {
            deferred(deferred);
        }
    }

    private void rotated(ClientKeyRotated event) {
        count("rotated");
        LOG.info(
                "Rotated {} (request {}): new key {}, usable from {}, the old one dies at {}{}",
                event.credential(),
                event.requestId(),
                event.keyFingerprint(),
                event.usableFrom(),
                event.previousKeyExpiresAt(),
                event.recovered() ? "; recovered, as its answer was lost" : "");
    }

    private void failed(RotationFailed event) {
        count("failed");
        registry.counter("rotation.failures", "code", event.code().name()).increment();
        LOG.warn(
                "{} for {} (request {}, found at {}): {}",
                event.code(),
                known(event.credential()),
                known(event.requestId()),
                known(event.source()),
                event.detail());
    }

    private static Object known(@Nullable Object value) {
        return value == null ? "-" : value;
    }

    private void satisfied(Outcome.Satisfied outcome) {
        count("satisfied");
        LOG.info(
                "Nothing to do for {} (request {}): it was settled before, or the last rotation, of {}, is newer",
                outcome.request().credential(),
                outcome.request().requestId(),
                outcome.lastRotationAt());
    }

    private void deferred(Outcome.Deferred outcome) {
        registry.counter("rotation.deferrals").increment();
        LOG.warn(
                "Deferred {} (request {}) for the {}. time: {}",
                outcome.request().credential(),
                outcome.request().requestId(),
                outcome.deferral().count(),
                outcome.deferral().lastError());
    }

    private void count(String outcome) {
        registry.counter("rotation.requests", "outcome", outcome).increment();
    }
}
