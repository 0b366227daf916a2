package org.keyrotation.routes.rotate;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ApiCall;
import org.keyrotation.routes.api.ApiResult;
import org.keyrotation.routes.api.CompanyRateLimiter;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.UnfinishedRotation;
import org.keyrotation.routes.publish.Concluded;
import org.keyrotation.routes.publish.Outcome;
import org.keyrotation.routes.retry.RetryMetadata;

/**
 * A request on its way to its outcome.
 *
 * @param request complete: with a requestId and a requestedAt
 * @param credential the request's
 * @param history what was done of it before it was last deferred
 * @param claim the right to act for it
 * @param progress what was done since
 * @param outcome what became of it, once that is known
 */
public record Rotation(
        RotationRequest request,
        CredentialId credential,
        RetryMetadata history,
        PartitionOwnership claim,
        Progress progress,
        @Nullable Outcome outcome)
        implements ApiCall, Concluded {

    /**
     * @param triedAt when this try began, once it did
     * @param previousKeyFingerprint of the key to be replaced, once it was read
     * @param started the rotation as the ledger has it, once it was begun; null again when it is known to have ended
     * @param doubtful whether one of its calls may have been carried out, or may be yet
     * @param unread whether the credential was not read since such a call
     * @param attempts calls to generate a key so far
     * @param answer that is the latest to count
     */
    record Progress(
            @Nullable Instant triedAt,
            @Nullable String previousKeyFingerprint,
            @Nullable UnfinishedRotation started,
            boolean doubtful,
            boolean unread,
            int attempts,
            @Nullable ApiResult answer) {

        static Progress none(int attemptsBefore) {
            return new Progress(null, null, null, false, false, attemptsBefore, null);
        }
    }

    /** Nothing done yet. */
    public static Rotation of(RotationRequest request, RetryMetadata history, PartitionOwnership claim) {
        Objects.requireNonNull(request.requestId(), "requestId");
        Objects.requireNonNull(request.requestedAt(), "requestedAt");
        return new Rotation(request, request.credential(), history, claim, Progress.none(history.attempts()), null);
    }

    /** A reading has none, and needs none. */
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
        return claim.getAsBoolean();
    }

    String requestId() {
        return Objects.requireNonNull(request.requestId());
    }

    Rotation tried(Instant now) {
        return with(new Progress(now, null, null, false, false, progress.attempts, null));
    }

    /** Nobody knows what became of its calls. */
    Rotation resuming(UnfinishedRotation started) {
        return with(new Progress(
                progress.triedAt, started.previousKeyFingerprint(), started, true, true, progress.attempts, null));
    }

    Rotation replacing(String fingerprint) {
        return with(new Progress(
                progress.triedAt,
                fingerprint,
                progress.started,
                progress.doubtful,
                false,
                progress.attempts,
                progress.answer));
    }

    Rotation started(UnfinishedRotation started) {
        return with(new Progress(
                progress.triedAt, progress.previousKeyFingerprint, started, false, false, progress.attempts, null));
    }

    /** A call that was certainly not carried out ends its rotation, unless an earlier one may have been. */
    Rotation called(ApiResult latest) {
        boolean lost = latest instanceof ApiResult.Inconclusive unsettled && unsettled.mayHaveExecuted();
        boolean ended = latest instanceof ApiResult.Inconclusive && !lost && !progress.doubtful;
        boolean made = !(latest instanceof ApiResult.RateLimited notNow) || notNow.called();
        return with(new Progress(
                progress.triedAt,
                progress.previousKeyFingerprint,
                ended ? null : progress.started,
                progress.doubtful || lost,
                progress.unread || lost,
                progress.attempts + (made ? 1 : 0),
                latest));
    }

    Rotation answered(ApiResult latest) {
        return with(new Progress(
                progress.triedAt,
                progress.previousKeyFingerprint,
                progress.started,
                progress.doubtful,
                progress.unread,
                progress.attempts,
                latest));
    }

    /** The credential has its old key still. An error that the API stored under the Idempotency-Key ends the rotation. */
    Rotation notDone() {
        boolean ended = progress.answer instanceof ApiResult.ServerError;
        return with(new Progress(
                progress.triedAt,
                progress.previousKeyFingerprint,
                ended ? null : progress.started,
                !ended && progress.doubtful,
                false,
                progress.attempts,
                progress.answer));
    }

    Rotation with(Outcome known) {
        return new Rotation(request, credential, history, claim, progress, known);
    }

    private Rotation with(Progress made) {
        return new Rotation(request, credential, history, claim, made, outcome);
    }
}
