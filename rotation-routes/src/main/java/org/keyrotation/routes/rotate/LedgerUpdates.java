package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.LedgerConflictException;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;

/**
 * The ledger updates of a rotation: <i>started</i> before the first call, how a request will fail before the failure is
 * published, and <i>settled</i> after the outcome is published. Each is made from the entry that the rotation was decided on.
 */
final class LedgerUpdates {

    private final Leases leases;

    LedgerUpdates(Leases leases) {
        this.leases = leases;
    }

    LedgerEntry entry(CredentialId credential) {
        return leases.ledger().entry(credential);
    }

    String holder() {
        return leases.holder();
    }

    /** Writes a lease of this instance for an unfinished rotation. */
    CompletableFuture<Rotation> takeOver(Rotation rotation, UnfinishedRotation unfinished) {
        UnfinishedRotation takenOver = rotation.entry().takenOver(unfinished, rotation.request());
        return lease(rotation, takenOver).thenApply(Rotation::resuming);
    }

    /**
     * Records the start of a rotation, with a lease. A resumed one has a lease, and keeps its Idempotency-Key. It is recorded
     * anew if this request can have the key that the call generates.
     */
    CompletableFuture<Rotation> recordStarted(Rotation decided) {
        Rotation rotation = decided.onLeasedEntry();
        UnfinishedRotation started = rotation.progress().started();
        if (started != null) {
            UnfinishedRotation resumed = rotation.isOfAnotherRequest() && rotation.isKnownNotExecuted()
                    ? started.restarted(
                            rotation.request(),
                            requireNonNull(rotation.progress().attemptStartedAt()))
                    : started;
            return resumed.equals(started) ? CompletableFuture.completedFuture(rotation) : lease(rotation, resumed);
        }
        UnfinishedRotation fresh = UnfinishedRotation.started(
                rotation.request(),
                UUID.randomUUID().toString(), // another user of the account could read the answer of a guessable one
                leases.clock().instant(),
                rotation.progress().previousKeyFingerprint());
        return lease(rotation, fresh).thenApply(Rotation::beforeFirstCall);
    }

    /** Writes the rotation with a lease of this instance, made from the entry that was decided on. */
    CompletableFuture<Rotation> lease(Rotation rotation, UnfinishedRotation unfinished) {
        return RotationLease.take(leases, rotation.partition(), rotation.credential(), rotation.entry(), unfinished)
                .thenApply(rotation::withLease);
    }

    /** Records a failure before it is published: after a crash the request must end in the same failure. */
    CompletableFuture<Rotation> recordEnding(Rotation rotation) {
        return update(
                        rotation.onLeasedEntry(),
                        entry -> ending(rotation, entry),
                        (before, current) -> isStillOpen(rotation, before, current))
                .thenApply(written -> written.entry().unfinished() == null ? written.withoutLease() : written);
    }

    /** Records that a started rotation has ended without a key, and without an outcome. */
    CompletableFuture<Rotation> recordNotRotated(Rotation rotation) {
        return update(
                rotation.onLeasedEntry(),
                LedgerEntry::cleared,
                (before, current) -> Objects.equals(before.unfinished(), current.unfinished()));
    }

    private static LedgerEntry ending(Rotation rotation, LedgerEntry entry) {
        LedgerEntry next = hasEndedWithoutKey(rotation) ? entry.cleared() : entry;
        RotationFailed failure = failure(rotation);
        return failure == null || isOfUnknownCredential(rotation, failure) ? next : next.failing(failure);
    }

    /**
     * Records that the outcome is published. Requests that were settled before and deferred ones leave the entry as it is. It
     * fails with an {@link UndecidedRequestException} if the key was published for another request.
     */
    CompletableFuture<Rotation> recordSettled(Rotation rotation) {
        return update(rotation, entry -> settled(rotation, entry), (before, current) -> true)
                .thenCompose(LedgerUpdates::requireOwnOutcome);
    }

    private static CompletableFuture<Rotation> requireOwnOutcome(Rotation rotation) {
        return rotation.outcome() instanceof RotationOutcome.Rotated rotated && rotation.isOfAnotherRequest()
                ? CompletableFuture.failedFuture(new UndecidedRequestException(
                        rotation.requestId(), rotated.event().requestId()))
                : CompletableFuture.completedFuture(rotation);
    }

    /** After its key is published, a rotation that another instance has taken over is that instance's to record. */
    private static LedgerEntry settled(Rotation rotation, LedgerEntry entry) {
        UnfinishedRotation started = rotation.progress().started();
        if (rotation.outcome() instanceof RotationOutcome.Rotated rotated && started != null) {
            return entry.isHeld(started)
                    ? entry.rotated(started, LastKey.of(started, rotated.event(), rotation.keyRecord()))
                    : entry;
        }
        if (rotation.outcome() instanceof RotationOutcome.Satisfied satisfied && satisfied.event() != null) {
            return entry.satisfied(satisfied.event());
        }
        RotationFailed failure = failure(rotation);
        return failure == null || isOfUnknownCredential(rotation, failure) ? entry : entry.failed(failure);
    }

    /** Makes the change to the current entry if another entry has won, and the change is still right. */
    private CompletableFuture<Rotation> update(
            Rotation rotation, UnaryOperator<LedgerEntry> change, BiPredicate<LedgerEntry, LedgerEntry> isStillRight) {
        LedgerEntry next = change.apply(rotation.entry());
        if (next.equals(rotation.entry())) {
            return CompletableFuture.completedFuture(rotation);
        }
        return write(rotation, next).exceptionallyCompose(failure -> {
            LedgerEntry current = entry(rotation.credential());
            return cause(failure) instanceof LedgerConflictException && isStillRight.test(rotation.entry(), current)
                    ? update(rotation.decidedOn(current), change, isStillRight)
                    : CompletableFuture.failedFuture(cause(failure));
        });
    }

    /** Another instance may have recorded meanwhile how the same request ends. */
    private static boolean isStillOpen(Rotation rotation, LedgerEntry before, LedgerEntry current) {
        return Objects.equals(before.unfinished(), current.unfinished())
                && Objects.equals(before.lastRotationAt(), current.lastRotationAt())
                && current.pendingFailure(rotation.requestId()) == null
                && !current.isSettled(rotation.requestId());
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /**
     * Whether neither the API nor the ledger has ever known the credential, such as a misspelt one. Nothing is written then:
     * an entry would stay for ever. The failure may be published again.
     */
    private static boolean isOfUnknownCredential(Rotation rotation, RotationFailed failure) {
        return failure.code() == FailureCode.CREDENTIAL_NOT_FOUND
                && rotation.entry().equals(LedgerEntry.UNSEEN);
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

    private CompletableFuture<Rotation> write(Rotation rotation, LedgerEntry next) {
        return leases.ledger()
                .compareAndSet(rotation.credential(), rotation.entry(), next, rotation.partition())
                .thenApply(rotation::decidedOn);
    }
}
