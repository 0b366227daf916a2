package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;

/**
 * The ledger updates of a rotation: <i>started</i> before the first call, how a request will fail before the failure is
 * published, and <i>settled</i> after the outcome is published.
 */
final class LedgerUpdates {

    private final LedgerAccess ledger;
    private final Clock clock;

    LedgerUpdates(LedgerAccess ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    LedgerEntry entry(CredentialId credential) {
        return ledger.entry(credential);
    }

    /** Whether the rotation is from another request, or from the previous partition owner. */
    boolean isTakeover(Rotation rotation) {
        UnfinishedRotation started = rotation.progress().started();
        return started != null
                && (!started.requestId().equals(rotation.requestId())
                        || entry(rotation.credential()).generation()
                                != rotation.ownership().generation());
    }

    /**
     * Takes ownership first: this write fences a late write of the previous owner and makes us responsible for the outcome.
     */
    CompletableFuture<Rotation> takeOver(Rotation rotation) {
        UnfinishedRotation started = requireNonNull(rotation.progress().started());
        UnfinishedRotation owned = started.requestId().equals(rotation.requestId())
                ? started
                : started.takenOverBy(rotation.requestId(), clock.instant());
        return write(rotation, entry(rotation.credential()).started(owned))
                .thenApply(written -> rotation.resuming(owned));
    }

    /** Records the start of a rotation. A resumed one keeps its Idempotency-Key and its start time. */
    CompletableFuture<Rotation> recordStarted(Rotation rotation) {
        if (rotation.progress().started() != null) {
            return CompletableFuture.completedFuture(rotation);
        }
        UnfinishedRotation started = new UnfinishedRotation(
                rotation.requestId(),
                UUID.randomUUID().toString(), // another user of the account could read the answer of a guessable one
                clock.instant(),
                rotation.progress().previousKeyFingerprint(),
                null,
                null);
        return write(rotation, entry(rotation.credential()).started(started))
                .thenApply(written -> rotation.withStarted(started));
    }

    /** Records a failure before it is published: after a crash the request must end in the same failure. */
    CompletableFuture<Rotation> recordEnding(Rotation rotation) {
        LedgerEntry entry = entry(rotation.credential());
        LedgerEntry next = hasEndedWithoutKey(rotation) ? entry.cleared() : entry;
        RotationFailed failure = failure(rotation);
        next = failure == null || isOfUnknownCredential(rotation, failure) ? next : next.failing(failure);
        return next.equals(entry) ? CompletableFuture.completedFuture(rotation) : write(rotation, next);
    }

    /** Records that the outcome is published. Satisfied and deferred requests leave the entry as it is. */
    CompletableFuture<Rotation> recordSettled(Rotation rotation) {
        if (rotation.outcome() instanceof RotationOutcome.Rotated) {
            UnfinishedRotation started = requireNonNull(rotation.progress().started());
            return write(rotation, entry(rotation.credential()).rotated(rotation.requestId(), started.startedAt()));
        }
        RotationFailed failure = failure(rotation);
        return failure == null || isOfUnknownCredential(rotation, failure)
                ? CompletableFuture.completedFuture(rotation)
                : write(rotation, entry(rotation.credential()).failed(rotation.requestId()));
    }

    /**
     * Whether neither the API nor the ledger has ever known the credential, such as a misspelt one. Nothing is written then:
     * an entry would stay for ever. The failure may be published again.
     */
    private boolean isOfUnknownCredential(Rotation rotation, RotationFailed failure) {
        return failure.code() == FailureCode.CREDENTIAL_NOT_FOUND
                && entry(rotation.credential()).equals(LedgerEntry.UNSEEN);
    }

    /** Not so if this request made no attempt: the unfinished rotation is another request's then. */
    private static boolean hasEndedWithoutKey(Rotation rotation) {
        RotationFailed failure = failure(rotation);
        boolean isRejected = failure != null && failure.code() != FailureCode.GAVE_UP;
        boolean hasNoKey = failure != null || rotation.outcome() instanceof RotationOutcome.Deferred;
        return rotation.progress().attemptStartedAt() != null
                && hasNoKey
                && (isRejected || rotation.progress().started() == null);
    }

    private static @Nullable RotationFailed failure(Rotation rotation) {
        return rotation.outcome() instanceof RotationOutcome.Failed failed ? failed.event() : null;
    }

    private CompletableFuture<Rotation> write(Rotation rotation, LedgerEntry entry) {
        return ledger.write(rotation.credential(), entry, rotation.ownership()).thenApply(written -> rotation);
    }
}
