package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;
import org.keyrotation.routes.publish.Outcome;

/**
 * What is written to the ledger of a rotation, and when: that it starts before the first call, how a request is about to
 * fail before that is told, and that a request is settled after its outcome was told.
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

    /**
     * Before anything else is done of it: after a crash it is nobody else's to tell, and what its earlier owner was writing
     * when it was stopped does not come after this.
     */
    CompletableFuture<Rotation> takeOver(Rotation rotation) {
        UnfinishedRotation begun = requireNonNull(rotation.progress().started());
        UnfinishedRotation ours = begun.requestId().equals(rotation.requestId())
                ? begun
                : begun.takenOverBy(rotation.requestId(), clock.instant());
        return write(rotation, entry(rotation.credential()).started(ours))
                .thenApply(written -> rotation.resuming(ours));
    }

    /** From another request, or from whoever had the partition before. */
    boolean isTakenOver(Rotation rotation) {
        UnfinishedRotation started = rotation.progress().started();
        return started != null
                && (!started.requestId().equals(rotation.requestId())
                        || entry(rotation.credential()).generation()
                                != rotation.claim().generation());
    }

    /** A rotation that was begun before goes on under its Idempotency-Key, and from its start. */
    CompletableFuture<Rotation> start(Rotation rotation) {
        if (rotation.progress().started() != null) {
            return CompletableFuture.completedFuture(rotation);
        }
        UnfinishedRotation started = new UnfinishedRotation(
                rotation.requestId(),
                UUID.randomUUID().toString(), // a guessable one lets others read the answer
                clock.instant(),
                rotation.progress().previousKeyFingerprint(),
                null,
                null);
        return write(rotation, entry(rotation.credential()).started(started))
                .thenApply(written -> rotation.started(started));
    }

    /** A failure is written down first: after a crash nothing else may be told of this request. */
    CompletableFuture<Rotation> beforeTelling(Rotation rotation) {
        LedgerEntry entry = entry(rotation.credential());
        LedgerEntry next = isKnownToHaveEnded(rotation) ? entry.cleared() : entry;
        RotationFailed failure = failure(rotation);
        next = failure == null ? next : next.failing(failure);
        return next.equals(entry) ? CompletableFuture.completedFuture(rotation) : write(rotation, next);
    }

    CompletableFuture<Rotation> afterTelling(Rotation rotation) {
        return rotation.outcome() instanceof Outcome.Told told
                ? write(rotation, settled(rotation, told.event()))
                : CompletableFuture.completedFuture(rotation);
    }

    private LedgerEntry settled(Rotation rotation, RotationEvent event) {
        LedgerEntry entry = entry(rotation.credential());
        return event instanceof ClientKeyRotated
                ? entry.rotated(
                        rotation.requestId(),
                        requireNonNull(rotation.progress().started()).startedAt())
                : entry.failed(rotation.requestId());
    }

    /** Without a key. Not where this request was not tried at all: the unfinished rotation is another's then. */
    private static boolean isKnownToHaveEnded(Rotation rotation) {
        RotationFailed failure = failure(rotation);
        boolean refused = failure != null && failure.code() != FailureCode.GAVE_UP;
        boolean open = failure != null || rotation.outcome() instanceof Outcome.Deferred;
        return rotation.progress().triedAt() != null
                && open
                && (refused || rotation.progress().started() == null);
    }

    private static @Nullable RotationFailed failure(Rotation rotation) {
        return rotation.outcome() instanceof Outcome.Told told && told.event() instanceof RotationFailed failure
                ? failure
                : null;
    }

    private CompletableFuture<Rotation> write(Rotation rotation, LedgerEntry entry) {
        return ledger.write(rotation.credential(), entry, rotation.claim()).thenApply(written -> rotation);
    }
}
