package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ApiProblem;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.api.ApiResult;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.UnfinishedRotation;

/** Maps a request to its outcome: by the ledger alone, or else by the last result of the API. */
final class OutcomeMapper {

    private final Prefix prefix;
    private final RotateSettings settings;
    private final LedgerUpdates ledger;
    private final Clock clock;

    OutcomeMapper(Prefix prefix, RotateSettings settings, LedgerUpdates ledger, Clock clock) {
        this.prefix = prefix;
        this.settings = settings;
        this.ledger = ledger;
        this.clock = clock;
    }

    static boolean hasNoOutcome(Exchange exchange) {
        return exchange.getMessage().getBody(Rotation.class).outcome() == null;
    }

    /** Decides the request by the ledger. An unfinished rotation is leased before anything else is done with it. */
    CompletableFuture<Rotation> decide(Rotation rotation) {
        Rotation current = rotation.decidedOn(ledger.entry(rotation.credential()));
        Decision decision = decision(current);
        return decision instanceof Decision.Resume resume
                ? ledger.takeOver(current.attemptStarted(clock.instant()), resume.rotation())
                : CompletableFuture.completedFuture(evaluate(current, decision));
    }

    /** Whether a rotation of another request or instance is unfinished. */
    boolean isBehindAnother(Rotation rotation) {
        return decision(rotation.decidedOn(ledger.entry(rotation.credential()))) instanceof Decision.Defer;
    }

    /** Whether the current ledger entry leaves a call of the API to do. */
    boolean needsApiCall(Rotation rotation) {
        Decision decision = decision(rotation.decidedOn(ledger.entry(rotation.credential())));
        return decision instanceof Decision.Rotate || decision instanceof Decision.Resume;
    }

    private Decision decision(Rotation rotation) {
        return Decision.of(rotation.entry(), rotation.request(), clock.instant(), settings, ledger.holder());
    }

    /** Returns the rotation with its outcome, or without one if the API is to be called. */
    private Rotation evaluate(Rotation rotation, Decision decision) {
        if (decision instanceof Decision.Settled settled) {
            return rotation.withOutcome(
                    new RotationOutcome.Satisfied(rotation.request(), settled.lastRotationAt(), null));
        }
        if (decision instanceof Decision.Satisfied satisfied) {
            return satisfied(rotation, satisfied.lastRotationAt());
        }
        if (decision instanceof Decision.Fail fail) {
            return rotation.withOutcome(new RotationOutcome.Failed(fail.failure()));
        }
        if (decision instanceof Decision.RotatedRecently recent) {
            return failed(rotation, FailureCode.ROTATED_RECENTLY, rotatedRecentlyDetail(recent), null);
        }
        if (decision instanceof Decision.Defer defer) {
            return deferBehind(rotation, defer);
        }
        return rotation.attemptStarted(clock.instant());
    }

    private Rotation satisfied(Rotation rotation, Instant lastRotationAt) {
        RotationRequest request = rotation.request();
        LastKey lastKey = rotation.entry().lastKey();
        RequestSatisfied event = new RequestSatisfied(
                rotation.requestId(),
                request.companyId(),
                request.apiCredentialId(),
                lastRotationAt,
                lastKey == null ? null : lastKey.fingerprint(),
                clock.instant(),
                request.reason(),
                request.requestedBy(),
                requireNonNull(request.requestedAt()));
        return rotation.withOutcome(new RotationOutcome.Satisfied(request, lastRotationAt, event));
    }

    /** Returns the rotation with its outcome, and records how it ends. */
    CompletableFuture<Rotation> recordEnding(Rotation rotation) {
        return ledger.recordEnding(rotation.outcome() == null ? toOutcome(rotation) : rotation);
    }

    private Rotation toOutcome(Rotation rotation) {
        ApiResult result = requireNonNull(rotation.progress().result());
        if (result instanceof ApiResult.KeyGenerated generated) {
            return rotated(rotation, generated);
        }
        if (result instanceof ApiResult.Rejected rejected) {
            return failed(rotation, rejected.code(), rejected.detail(), rejected.problem());
        }
        ApiResult.Inconclusive inconclusive = (ApiResult.Inconclusive) result;
        Instant firstAttemptAt = firstAttemptAt(rotation);
        return Duration.between(firstAttemptAt, clock.instant()).compareTo(settings.giveUpAfter()) >= 0
                ? failed(rotation, FailureCode.GAVE_UP, giveUpDetail(rotation, inconclusive), inconclusive.problem())
                : deferred(rotation, firstAttemptAt, inconclusive);
    }

    /**
     * The times are on the safe side: the new key is expected late, and the previous one expires early. So they are if the
     * clock was set back during the call.
     */
    private Rotation rotated(Rotation rotation, ApiResult.KeyGenerated result) {
        UnfinishedRotation started = requireNonNull(rotation.progress().started());
        RotationRequest request = started.request(); // another one's, if its abandoned rotation was taken over
        Instant startedAt = started.startedAt();
        Instant now = clock.instant();
        boolean wasSetBack = now.isBefore(startedAt);
        Instant generatedAt = wasSetBack ? now : startedAt;
        Instant receivedAt = wasSetBack ? startedAt : now;
        return rotation.withOutcome(new RotationOutcome.Rotated(new ClientKeyRotated(
                started.requestId(),
                rotation.request().companyId(),
                rotation.request().apiCredentialId(),
                result.clientKey(),
                result.clientKey().fingerprint(),
                previousKeyFingerprint(rotation),
                generatedAt,
                receivedAt.plus(settings.activationDelay()),
                generatedAt.plus(settings.overlap()),
                result.recovered(),
                request == null ? null : request.reason(),
                request == null ? null : request.requestedBy(),
                request == null ? null : request.requestedAt(),
                request != null && request.force())));
    }

    private static @Nullable String previousKeyFingerprint(Rotation rotation) {
        String fingerprint = rotation.progress().previousKeyFingerprint();
        return UnfinishedRotation.NO_KEY.equals(fingerprint) ? null : fingerprint;
    }

    private Rotation failed(Rotation rotation, FailureCode code, String detail, @Nullable ApiProblem problem) {
        RotationRequest request = rotation.request();
        return rotation.withOutcome(new RotationOutcome.Failed(new RotationFailed(
                request.requestId(),
                request.companyId(),
                request.apiCredentialId(),
                code,
                detail,
                code.retryable(),
                rotation.progress().attempts(),
                clock.instant(),
                request.reason(),
                request.requestedBy(),
                request.requestedAt(),
                request.force(),
                problem,
                rotation.retryMetadata().source(),
                null)));
    }

    private Rotation deferred(Rotation rotation, Instant firstAttemptAt, ApiResult.Inconclusive result) {
        Instant retryAt = result.retryAfter() == null ? null : clock.instant().plus(result.retryAfter());
        Instant deadline = firstAttemptAt.plus(settings.giveUpAfter());
        Instant notBefore = retryAt != null && retryAt.isAfter(deadline) ? deadline : retryAt;
        return rotation.deferred(rotation.retryMetadata()
                .next(rotation.progress().attempts(), firstAttemptAt, notBefore, result.detail()));
    }

    /** The lease may end later than the delay of the retry topic. */
    private static Rotation deferBehind(Rotation rotation, Decision.Defer defer) {
        Instant leaseUntil = defer.other().leaseUntil();
        String detail = "The rotation of request %s is not finished%s"
                .formatted(
                        defer.other().requestId(),
                        leaseUntil == null ? "" : ": the instance that started it has it until " + leaseUntil);
        return rotation.deferred(rotation.retryMetadata()
                .next(rotation.progress().attempts(), rotation.retryMetadata().firstAttemptAt(), leaseUntil, detail));
    }

    private String rotatedRecentlyDetail(Decision.RotatedRecently recent) {
        return prefix.rewrite(
                        "The last rotation, of %s, is younger than rotation.min-interval, %s; set \"force\": true to rotate anyway")
                .formatted(recent.lastRotationAt(), settings.minInterval());
    }

    private static String giveUpDetail(Rotation rotation, ApiResult.Inconclusive result) {
        boolean mayHaveExecuted = rotation.progress().started() != null;
        return result.detail() + (mayHaveExecuted ? "; the API may have generated a key nevertheless" : "");
    }

    private static Instant firstAttemptAt(Rotation rotation) {
        Instant earlier = rotation.retryMetadata().firstAttemptAt();
        return earlier == null ? requireNonNull(rotation.progress().attemptStartedAt()) : earlier;
    }
}
