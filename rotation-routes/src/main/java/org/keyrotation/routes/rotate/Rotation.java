package org.keyrotation.routes.rotate;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.api.ApiCall;
import org.keyrotation.routes.api.ApiResult;
import org.keyrotation.routes.api.CompanyRateLimiter;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.UnfinishedRotation;
import org.keyrotation.routes.publish.Publishable;
import org.keyrotation.routes.retry.DeferredRequest;
import org.keyrotation.routes.retry.RetryMetadata;

/**
 * A request on its way to its outcome. It is the body of every message in this package.
 *
 * @param request the request, with a requestId and a requestedAt
 * @param credential the credential of the request
 * @param retryMetadata what was done before the last deferral
 * @param ownership the right to act for the request
 * @param progress what was done since
 * @param outcome the outcome, or null while there is none
 */
public record Rotation(
        RotationRequest request,
        CredentialId credential,
        RetryMetadata retryMetadata,
        PartitionOwnership ownership,
        Progress progress,
        @Nullable RotationOutcome outcome)
        implements ApiCall, Publishable, DeferredRequest {

    /**
     * What was done since the request was polled.
     *
     * @param attemptStartedAt when the attempt started, or null if the ledger alone decides
     * @param firstKey whether this may be the first key of the credential
     * @param previousKeyFingerprint the fingerprint of the key to replace, or {@link UnfinishedRotation#NO_KEY}, once the
     *     credential is read
     * @param started the rotation as the ledger has it; null before the start, and after it is known to have ended
     * @param outcomeUncertain whether one of its calls may have been executed
     * @param readBackPending whether the credential is to be read because of such a call
     * @param attempts the number of calls to generate a key
     * @param result the last result that counts
     */
    record Progress(
            @Nullable Instant attemptStartedAt,
            FirstKey firstKey,
            @Nullable String previousKeyFingerprint,
            @Nullable UnfinishedRotation started,
            boolean outcomeUncertain,
            boolean readBackPending,
            int attempts,
            @Nullable ApiResult result) {

        static Progress none(int previousAttempts) {
            return new Progress(null, FirstKey.POSSIBLE, null, null, false, false, previousAttempts, null);
        }
    }

    /** Whether a credential that is read without a key has none yet. A wrong answer could pass an old key off as the new one. */
    enum FirstKey {
        /** The ledger knows a rotation: the answer is wrong. */
        IMPOSSIBLE,
        /** The credential is read once more. */
        POSSIBLE,
        /** One read has found no key; another one confirms it. */
        LIKELY
    }

    /** Creates the rotation of a complete request. */
    public static Rotation of(RotationRequest request, RetryMetadata retryMetadata, PartitionOwnership ownership) {
        Objects.requireNonNull(request.requestId(), "requestId");
        Objects.requireNonNull(request.requestedAt(), "requestedAt");
        return new Rotation(
                request, request.credential(), retryMetadata, ownership, Progress.none(retryMetadata.attempts()), null);
    }

    /** Returns the key of the started rotation. A read has none and does not call this. */
    @Override
    public String idempotencyKey() {
        return Objects.requireNonNull(progress.started).idempotencyKey();
    }

    @Override
    public Duration maxPermitWait() {
        return progress.started == null
                ? CompanyRateLimiter.MAX_PERMIT_WAIT
                : CompanyRateLimiter.MAX_PERMIT_WAIT_STARTED;
    }

    @Override
    public boolean isStillOwned() {
        return ownership.isHeld();
    }

    String requestId() {
        return Objects.requireNonNull(request.requestId());
    }

    Rotation attemptStarted(Instant now, FirstKey firstKey) {
        return with(new Progress(now, firstKey, null, null, false, false, progress.attempts, null));
    }

    /** The outcome of the calls before is uncertain, and a read-back is pending. */
    Rotation resuming(UnfinishedRotation started) {
        return with(new Progress(
                progress.attemptStartedAt,
                progress.firstKey,
                started.previousKeyFingerprint(),
                started,
                true,
                true,
                progress.attempts,
                null));
    }

    Rotation withPreviousKey(String fingerprint) {
        return with(new Progress(
                progress.attemptStartedAt,
                progress.firstKey,
                fingerprint,
                progress.started,
                progress.outcomeUncertain,
                false,
                progress.attempts,
                progress.result));
    }

    /** The credential was read, and the response has no key. */
    Rotation withoutKey(ApiResult result) {
        return with(new Progress(
                progress.attemptStartedAt,
                progress.firstKey == FirstKey.IMPOSSIBLE ? FirstKey.IMPOSSIBLE : FirstKey.LIKELY,
                progress.previousKeyFingerprint,
                progress.started,
                progress.outcomeUncertain,
                progress.readBackPending,
                progress.attempts,
                result));
    }

    Rotation withStarted(UnfinishedRotation started) {
        return with(new Progress(
                progress.attemptStartedAt,
                progress.firstKey,
                progress.previousKeyFingerprint,
                started,
                false,
                false,
                progress.attempts,
                null));
    }

    /** A call that was certainly not executed ends the started rotation, unless an earlier call may have been executed. */
    Rotation withCallResult(ApiResult result) {
        boolean isUncertain = result instanceof ApiResult.Inconclusive inconclusive && inconclusive.mayHaveExecuted();
        boolean hasEnded = result instanceof ApiResult.Inconclusive && !isUncertain && !progress.outcomeUncertain;
        boolean wasCalled = !(result instanceof ApiResult.RateLimited rateLimited) || rateLimited.called();
        return with(new Progress(
                progress.attemptStartedAt,
                progress.firstKey,
                progress.previousKeyFingerprint,
                hasEnded ? null : progress.started,
                progress.outcomeUncertain || isUncertain,
                progress.readBackPending || isUncertain,
                progress.attempts + (wasCalled ? 1 : 0),
                result));
    }

    Rotation withAnswer(ApiResult result) {
        return with(new Progress(
                progress.attemptStartedAt,
                progress.firstKey,
                progress.previousKeyFingerprint,
                progress.started,
                progress.outcomeUncertain,
                progress.readBackPending,
                progress.attempts,
                result));
    }

    /** The credential still has its previous key. A server error, stored under the Idempotency-Key, ends the rotation. */
    Rotation confirmedNotExecuted() {
        boolean hasEnded = progress.result instanceof ApiResult.ServerError;
        return with(new Progress(
                progress.attemptStartedAt,
                progress.firstKey,
                progress.previousKeyFingerprint,
                hasEnded ? null : progress.started,
                !hasEnded && progress.outcomeUncertain,
                false,
                progress.attempts,
                progress.result));
    }

    Rotation withOutcome(RotationOutcome known) {
        return new Rotation(request, credential, retryMetadata, ownership, progress, known);
    }

    Rotation deferred(RetryMetadata next) {
        RotationOutcome deferred = new RotationOutcome.Deferred(request, String.valueOf(next.lastError()));
        return new Rotation(request, credential, next, ownership, progress, deferred);
    }

    private Rotation with(Progress next) {
        return new Rotation(request, credential, retryMetadata, ownership, next, outcome);
    }
}
