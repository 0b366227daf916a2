package org.keyrotation.routes.rotate;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.api.ApiCall;
import org.keyrotation.routes.api.ApiResult;
import org.keyrotation.routes.api.CompanyRateLimiter;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.KeyRecord;
import org.keyrotation.routes.ledger.LedgerEntry;
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
 * @param partition the ownership of the partition of the request
 * @param lease the right to finish a started rotation; null before the start, and after the end is recorded
 * @param entry the ledger entry that it was decided on, with the changes that this rotation made since
 * @param progress what was done since
 * @param outcome the outcome, or null while there is none
 * @param keyRecord where the published key is; null before, and if it is on no topic
 */
public record Rotation(
        RotationRequest request,
        CredentialId credential,
        RetryMetadata retryMetadata,
        PartitionOwnership partition,
        @Nullable RotationLease lease,
        LedgerEntry entry,
        Progress progress,
        @Nullable RotationOutcome outcome,
        @Nullable KeyRecord keyRecord)
        implements ApiCall, Publishable, DeferredRequest {

    /**
     * What was done since the request was polled.
     *
     * @param attemptStartedAt when the attempt started, or null if the ledger alone decides
     * @param firstKey whether this may be the first key of the credential
     * @param previousKeyFingerprint the fingerprint of the key to replace, or {@link UnfinishedRotation#NO_KEY}, once the
     *     credential is read
     * @param started the rotation as the ledger has it; null before the start, and after it is known to have ended
     * @param isUncertain whether one of its calls may have been executed
     * @param isReadBackPending whether the credential is to be read because of such a call
     * @param attempts the number of calls to generate a key
     * @param result the last result that counts
     */
    record Progress(
            @Nullable Instant attemptStartedAt,
            FirstKey firstKey,
            @Nullable String previousKeyFingerprint,
            @Nullable UnfinishedRotation started,
            boolean isUncertain,
            boolean isReadBackPending,
            int attempts,
            @Nullable ApiResult result) {

        private static Progress none(@Nullable Instant attemptStartedAt, FirstKey firstKey, int previousAttempts) {
            return new Progress(attemptStartedAt, firstKey, null, null, false, false, previousAttempts, null);
        }

        private Progress withPreviousKey(FirstKey newFirstKey, @Nullable String fingerprint) {
            return new Progress(
                    attemptStartedAt,
                    newFirstKey,
                    fingerprint,
                    started,
                    isUncertain,
                    isReadBackPending,
                    attempts,
                    result);
        }

        private Progress withStarted(@Nullable UnfinishedRotation newStarted) {
            return new Progress(
                    attemptStartedAt,
                    firstKey,
                    previousKeyFingerprint,
                    newStarted,
                    isUncertain,
                    isReadBackPending,
                    attempts,
                    result);
        }

        private Progress withUncertainty(boolean uncertain, boolean readBackPending) {
            return new Progress(
                    attemptStartedAt,
                    firstKey,
                    previousKeyFingerprint,
                    started,
                    uncertain,
                    readBackPending,
                    attempts,
                    result);
        }

        private Progress withResult(int newAttempts, @Nullable ApiResult newResult) {
            return new Progress(
                    attemptStartedAt,
                    firstKey,
                    previousKeyFingerprint,
                    started,
                    isUncertain,
                    isReadBackPending,
                    newAttempts,
                    newResult);
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
    public static Rotation of(RotationRequest request, RetryMetadata retryMetadata, PartitionOwnership partition) {
        Objects.requireNonNull(request.requestId(), "requestId");
        Objects.requireNonNull(request.requestedAt(), "requestedAt");
        Progress none = Progress.none(null, FirstKey.POSSIBLE, retryMetadata.attempts());
        return new Rotation(
                request, request.credential(), retryMetadata, partition, null, LedgerEntry.UNSEEN, none, null, null);
    }

    /** Returns the lease of a started rotation, and before that the ownership of the partition. */
    @Override
    public PartitionOwnership ownership() {
        return lease == null ? partition : lease;
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
        return ownership().isHeld();
    }

    @Override
    public CompletableFuture<?> renewBeforeGeneration() {
        return lease == null ? CompletableFuture.completedFuture(null) : lease.renewForCall();
    }

    @Override
    public boolean isGenerationAllowed() {
        return lease != null && lease.isCallAllowed();
    }

    /** Whether an application waits for the outcome of this request, which is on no topic. */
    boolean isDirectCall() {
        return partition == PartitionOwnership.UNFENCED;
    }

    /** Whether the started rotation is an abandoned one, whose key is published for its own request. */
    boolean isOfAnotherRequest() {
        return progress.started != null && !progress.started.requestId().equals(requestId());
    }

    /** Whether a read-back, since the attempt started, has found the key that the started rotation replaces. */
    boolean isKnownNotExecuted() {
        return progress.started != null
                && progress.started.previousKeyFingerprint() != null
                && !progress.isReadBackPending;
    }

    String requestId() {
        return Objects.requireNonNull(request.requestId());
    }

    /** The request is decided on this entry, or has changed it. */
    Rotation decidedOn(LedgerEntry newEntry) {
        return new Rotation(
                request, credential, retryMetadata, partition, lease, newEntry, progress, outcome, keyRecord);
    }

    Rotation attemptStarted(Instant now) {
        FirstKey firstKey = entry.lastRotationAt() == null ? FirstKey.POSSIBLE : FirstKey.IMPOSSIBLE;
        return with(Progress.none(now, firstKey, progress.attempts));
    }

    Rotation withLease(RotationLease newLease) {
        Progress started = progress.withStarted(newLease.rotation());
        return new Rotation(
                request, credential, retryMetadata, partition, newLease, newLease.entry(), started, outcome, keyRecord);
    }

    /** A rotation that is not in the ledger yet. */
    Rotation withStarted(UnfinishedRotation started) {
        return with(progress.withStarted(started));
    }

    /** The lease may have been renewed since the request was decided. */
    Rotation onLeasedEntry() {
        return lease == null ? this : decidedOn(lease.entry());
    }

    Rotation withoutLease() {
        return new Rotation(request, credential, retryMetadata, partition, null, entry, progress, outcome, keyRecord);
    }

    /** The outcome of the calls before is uncertain, and a read-back is pending. */
    Rotation resuming() {
        UnfinishedRotation started = Objects.requireNonNull(progress.started);
        return with(progress.withPreviousKey(progress.firstKey, started.previousKeyFingerprint())
                .withUncertainty(true, true)
                .withResult(progress.attempts, null));
    }

    /** Nothing is known of the outcome of earlier rotations, which have ended. */
    Rotation beforeFirstCall() {
        return with(progress.withUncertainty(false, false).withResult(progress.attempts, null));
    }

    Rotation withPreviousKey(String fingerprint) {
        return with(
                progress.withPreviousKey(progress.firstKey, fingerprint).withUncertainty(progress.isUncertain, false));
    }

    /** The credential was read, and the response has no key. */
    Rotation withoutKey(ApiResult result) {
        FirstKey firstKey = progress.firstKey == FirstKey.IMPOSSIBLE ? FirstKey.IMPOSSIBLE : FirstKey.LIKELY;
        return with(progress.withPreviousKey(firstKey, progress.previousKeyFingerprint)
                .withResult(progress.attempts, result));
    }

    /** A call that was certainly not executed ends the started rotation, unless an earlier call may have been executed. */
    Rotation withCallResult(ApiResult result) {
        boolean isUncertain = result instanceof ApiResult.Inconclusive inconclusive && inconclusive.mayHaveExecuted();
        boolean hasEnded = result instanceof ApiResult.Inconclusive && !isUncertain && !progress.isUncertain;
        boolean wasCalled = !(result instanceof ApiResult.RateLimited rateLimited) || rateLimited.called();
        return with(progress.withStarted(hasEnded ? null : progress.started)
                .withUncertainty(progress.isUncertain || isUncertain, progress.isReadBackPending || isUncertain)
                .withResult(progress.attempts + (wasCalled ? 1 : 0), result));
    }

    Rotation withAnswer(ApiResult result) {
        return with(progress.withResult(progress.attempts, result));
    }

    /** The credential still has its previous key. A server error, stored under the Idempotency-Key, ends the rotation. */
    Rotation confirmedNotExecuted() {
        boolean hasEnded = progress.result instanceof ApiResult.ServerError;
        return with(progress.withStarted(hasEnded ? null : progress.started)
                .withUncertainty(!hasEnded && progress.isUncertain, false));
    }

    Rotation withOutcome(RotationOutcome known) {
        return new Rotation(request, credential, retryMetadata, partition, lease, entry, progress, known, keyRecord);
    }

    @Override
    public boolean isByHand() {
        return progress.started != null && progress.started.byHand();
    }

    @Override
    public Rotation publishedAt(RecordMetadata published) {
        KeyRecord at = outcome instanceof RotationOutcome.Rotated
                ? new KeyRecord(published.partition(), published.offset())
                : null;
        return new Rotation(request, credential, retryMetadata, partition, lease, entry, progress, outcome, at);
    }

    Rotation deferred(RetryMetadata next) {
        RotationOutcome deferred = new RotationOutcome.Deferred(request, String.valueOf(next.lastError()));
        return new Rotation(request, credential, next, partition, lease, entry, progress, deferred, keyRecord);
    }

    private Rotation with(Progress next) {
        return new Rotation(request, credential, retryMetadata, partition, lease, entry, next, outcome, keyRecord);
    }
}
