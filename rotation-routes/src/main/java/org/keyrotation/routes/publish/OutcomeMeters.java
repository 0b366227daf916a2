package org.keyrotation.routes.publish;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.retry.DeferredRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Counters and log lines of the acknowledged outcomes. All series exist from the start, at zero. */
final class OutcomeMeters implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeMeters.class);

    private final Counter rotatedRequests;
    private final Counter failedRequests;
    private final Counter satisfiedRequests;
    private final Counter deferrals;
    private final Map<FailureCode, Counter> failures = new EnumMap<>(FailureCode.class);

    OutcomeMeters(MeterRegistry registry) {
        this.rotatedRequests = requests("rotated", registry);
        this.failedRequests = requests("failed", registry);
        this.satisfiedRequests = requests("satisfied", registry);
        this.deferrals = Counter.builder("rotation.deferrals")
                .description("Requests that were put onto a retry topic")
                .register(registry);
        for (FailureCode code : FailureCode.values()) {
            failures.put(
                    code,
                    Counter.builder("rotation.failures")
                            .description("Failures by code")
                            .tag("code", code.name())
                            .register(registry));
        }
    }

    private static Counter requests(String outcome, MeterRegistry registry) {
        return Counter.builder("rotation.requests")
                .description("Requests by outcome")
                .tag("outcome", outcome)
                .register(registry);
    }

    @Override
    public void process(Exchange exchange) {
        RotationOutcome outcome = Publishable.outcomeOf(exchange);
        if (outcome instanceof RotationOutcome.Rotated rotated) {
            if (exchange.getMessage().getBody(Publishable.class).isByHand()) {
                rotatedByHand(rotated.event());
            } else {
                rotated(rotated.event());
            }
        } else if (outcome instanceof RotationOutcome.Failed failed) {
            failed(failed.event());
        } else if (outcome instanceof RotationOutcome.Satisfied satisfied) {
            satisfied(satisfied);
        } else if (outcome instanceof RotationOutcome.Deferred) {
            deferred(exchange.getMessage().getBody(DeferredRequest.class));
        }
    }

    private void rotated(ClientKeyRotated event) {
        rotatedRequests.increment();
        CredentialId credential = event.credential();
        line(Level.INFO, credential, event.requestId())
                .addKeyValue("keyFingerprint", event.keyFingerprint())
                .log(
                        "Rotated {} (request {}): new key {}, usable from {}, previous key expires at {}{}",
                        credential,
                        event.requestId(),
                        event.keyFingerprint(),
                        event.usableFrom(),
                        event.previousKeyExpiresAt(),
                        event.recovered() ? "; recovered by reading the credential, the API's answer was lost" : "");
    }

    /** No request, and so not counted as one. */
    private static void rotatedByHand(ClientKeyRotated event) {
        line(Level.INFO, event.credential(), event.requestId())
                .addKeyValue("keyFingerprint", event.keyFingerprint())
                .log(
                        "Published the key of {} that was rotated by hand: {}, usable from {}, previous key expires at {}",
                        event.credential(),
                        event.keyFingerprint(),
                        event.usableFrom(),
                        event.previousKeyExpiresAt());
    }

    private void failed(RotationFailed event) {
        failedRequests.increment();
        requireNonNull(failures.get(event.code())).increment();
        line(Level.WARN, event.credential(), event.requestId())
                .addKeyValue("code", event.code())
                .log(
                        "Failed with {} for {} (request {}, found at {}): {}",
                        event.code(),
                        orDash(event.credential()),
                        orDash(event.requestId()),
                        orDash(event.source()),
                        event.detail());
    }

    private static Object orDash(@Nullable Object value) {
        return value == null ? "-" : value;
    }

    private void satisfied(RotationOutcome.Satisfied outcome) {
        satisfiedRequests.increment();
        RotationRequest request = outcome.request();
        line(Level.INFO, request.credential(), request.requestId())
                .log(
                        "Satisfied {} (request {}): {}, last rotation {}",
                        request.credential(),
                        request.requestId(),
                        outcome.event() == null ? "it had ended before" : "a newer key is there",
                        orDash(outcome.lastRotationAt()));
    }

    private void deferred(DeferredRequest deferred) {
        deferrals.increment();
        RotationRequest request = deferred.request();
        line(Level.WARN, request.credential(), request.requestId())
                .addKeyValue("deferrals", deferred.retryMetadata().count())
                .log(
                        "Deferred {} (request {}), deferral {}: {}",
                        request.credential(),
                        request.requestId(),
                        deferred.retryMetadata().count(),
                        deferred.retryMetadata().lastError());
    }

    /** Structured loggers write the key-value pairs as fields. They hold no secret. */
    private static LoggingEventBuilder line(Level level, @Nullable Object credential, @Nullable String requestId) {
        LoggingEventBuilder line = LOG.atLevel(level);
        line = credential == null ? line : line.addKeyValue("credential", credential.toString());
        return requestId == null ? line : line.addKeyValue("requestId", requestId);
    }
}
