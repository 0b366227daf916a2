package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.LedgerConflictException;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;

/**
 * The leases that this instance writes.
 *
 * @param holder the id of this instance, which no other instance has
 * @param nanoTime the monotonic clock
 */
record Leases(LedgerAccess ledger, LeaseTerm term, String holder, Clock clock, LongSupplier nanoTime) {

    /** Leases the rotation from now on. */
    UnfinishedRotation lease(UnfinishedRotation rotation) {
        return rotation.leasedTo(holder, clock.instant().plus(term.total()));
    }

    /** Whether a call that is sent now ends before the lease does, by the clock. */
    boolean hasTimeForACall(UnfinishedRotation rotation) {
        Instant latest = requireNonNull(rotation.leaseUntil())
                .minus(LeaseTerm.CLOCK_TOLERANCE)
                .minus(term.callTimeout());
        return !clock.instant().isAfter(latest);
    }

    /** Writes the rotation with a new lease, made from this entry. */
    CompletableFuture<LedgerEntry> write(
            CredentialId credential, LedgerEntry expected, UnfinishedRotation rotation, PartitionOwnership ownership) {
        return ledger.compareAndSet(credential, expected, expected.started(lease(rotation)), ownership);
    }

    /** Writes a new lease of a rotation that this instance holds. Fails if another instance has taken it over. */
    CompletableFuture<LedgerEntry> renew(
            CredentialId credential, UnfinishedRotation rotation, PartitionOwnership ownership) {
        LedgerEntry current = ledger.entry(credential);
        return current.isHeld(rotation)
                ? write(credential, current, rotation, ownership)
                : CompletableFuture.failedFuture(new LedgerConflictException(credential));
    }
}
