package org.keyrotation.routes.rotate;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.LedgerConflictException;
import org.keyrotation.routes.ledger.UnfinishedRotation;

/**
 * The right to finish a started rotation: the ownership of its request, as long as the ledger names this instance as the
 * holder. It measures its time monotonically, from before the lease was written.
 */
final class RotationLease implements PartitionOwnership {

    private final Leases leases;
    private final PartitionOwnership ownership;
    private final CredentialId credential;
    private volatile UnfinishedRotation rotation;
    private volatile long startedAt;

    RotationLease(Leases leases, PartitionOwnership ownership, CredentialId credential, UnfinishedRotation unfinished) {
        this.leases = leases;
        this.ownership = ownership;
        this.credential = credential;
        this.startedAt = now(); // before the clock is read: a pause after that counts
        this.rotation = leases.lease(unfinished);
    }

    UnfinishedRotation rotation() {
        return rotation;
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
        return isHeld() && isWithin(leases.term().callWindow()) && leases.hasTimeForACall(rotation);
    }

    /**
     * Renews the lease if it allows no call any more, because the call has waited for its permits. Fails if another instance
     * has taken the rotation over.
     */
    CompletableFuture<Void> renewForCall() {
        return isCallAllowed() || !isHeld() ? CompletableFuture.completedFuture(null) : renew();
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
        long renewedAt = now();
        return leases.renew(credential, rotation, ownership).thenAccept(renewed -> {
            rotation = renewed; // first, so that a call is refused in between
            startedAt = renewedAt;
        });
    }

    private boolean isHolder() {
        return leases.ledger().entry(credential).isHeld(rotation);
    }

    private boolean isWithin(Duration time) {
        return now() - startedAt <= time.toNanos();
    }

    private long now() {
        return leases.nanoTime().getAsLong();
    }
}
