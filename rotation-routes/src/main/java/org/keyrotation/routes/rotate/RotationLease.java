package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.LedgerConflictException;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;

/**
 * The right to finish a started rotation: the ownership of its request, as long as the ledger names this instance as the
 * holder. It measures its time monotonically, from before the lease was written.
 */
final class RotationLease implements PartitionOwnership {

    private final Leases leases;
    private final PartitionOwnership ownership;
    private final CredentialId credential;
    private volatile Written written;

    /**
     * The lease as it was written last.
     *
     * @param startedAt read before the clock was: a pause after that counts
     */
    private record Written(LedgerEntry entry, long startedAt) {

        UnfinishedRotation rotation() {
            return requireNonNull(entry.unfinished());
        }
    }

    private RotationLease(Leases leases, PartitionOwnership ownership, CredentialId credential, Written written) {
        this.leases = leases;
        this.ownership = ownership;
        this.credential = credential;
        this.written = written;
    }

    /** Completes with the lease of the rotation when an entry with it, made from the expected one, has won. */
    static CompletableFuture<RotationLease> take(
            Leases leases,
            PartitionOwnership ownership,
            CredentialId credential,
            LedgerEntry expected,
            UnfinishedRotation rotation) {
        long startedAt = now(leases);
        return leases.write(credential, expected, rotation, ownership)
                .thenApply(entry -> new RotationLease(leases, ownership, credential, new Written(entry, startedAt)));
    }

    /** Returns the ledger entry with the lease as it was written last. */
    LedgerEntry entry() {
        return written.entry;
    }

    UnfinishedRotation rotation() {
        return written.rotation();
    }

    @Override
    public boolean isHeld() {
        return ownership.isHeld() && isHolder();
    }

    /**
     * Whether a call may be sent now: no other instance may call before it has ended. The monotonic clock stands still while a
     * virtual machine is suspended, so the lease in the ledger counts, too.
     */
    boolean isCallAllowed() {
        return isHeld() && isCallAllowed(leases.term().callWindow());
    }

    /**
     * Renews the lease if half of the time in which it allows a call is over: the call has waited for its permits. Fails if
     * another instance has taken the rotation over.
     */
    CompletableFuture<Void> renewForCall() {
        boolean isEarly = isCallAllowed(leases.term().callWindow().dividedBy(2));
        return isEarly || !isHeld() ? CompletableFuture.completedFuture(null) : renew();
    }

    /** Renews a lease that is over before it completes: another instance may have taken the rotation over. */
    @Override
    public CompletableFuture<Void> confirmHeld(String action) {
        if (!isHolder()) {
            return CompletableFuture.failedFuture(new LedgerConflictException(credential));
        }
        CompletableFuture<Void> held = ownership.confirmHeld(action);
        return isWithin(leases.term().calls()) ? held : held.thenCompose(confirmed -> renew());
    }

    private CompletableFuture<Void> renew() {
        long renewedAt = now(leases);
        return leases.renew(credential, rotation(), ownership)
                .thenAccept(renewed -> written = new Written(renewed, renewedAt));
    }

    private boolean isHolder() {
        return leases.ledger().entry(credential).isHeld(rotation());
    }

    private boolean isCallAllowed(Duration window) {
        return isWithin(window) && leases.hasTimeForACall(rotation());
    }

    private boolean isWithin(Duration time) {
        return now(leases) - written.startedAt <= time.toNanos();
    }

    private static long now(Leases leases) {
        return leases.nanoTime().getAsLong();
    }
}
