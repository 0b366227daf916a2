package org.keyrotation.routes.rotate;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.LedgerConflictException;
import org.keyrotation.routes.ledger.UnfinishedRotation;

/**
 * The right to finish a started rotation: the ownership of its request, as long as the ledger names this instance as the
 * holder. It measures its time monotonically, from before the lease was written.
 */
final class RotationLease implements PartitionOwnership {

    /** An instance that was paused publishes only once it knows again who holds the rotation. */
    private static final Duration MAX_LEDGER_AGE = Duration.ofSeconds(3);

    private final PartitionOwnership ownership;
    private final LedgerAccess ledger;
    private final CredentialId credential;
    private final UnfinishedRotation rotation;
    private final LeaseTerm term;
    private final LongSupplier nanoTime;
    private final long startedAt;

    RotationLease(
            PartitionOwnership ownership,
            LedgerAccess ledger,
            CredentialId credential,
            UnfinishedRotation rotation,
            LeaseTerm term,
            LongSupplier nanoTime) {
        this.ownership = ownership;
        this.ledger = ledger;
        this.credential = credential;
        this.rotation = rotation;
        this.term = term;
        this.nanoTime = nanoTime;
        this.startedAt = nanoTime.getAsLong();
    }

    UnfinishedRotation rotation() {
        return rotation;
    }

    @Override
    public boolean isHeld() {
        return ownership.isHeld() && isHolder();
    }

    /** Whether a call may be sent now: no other instance may call before it has ended. */
    boolean isCallAllowed() {
        return isHeld() && isWithin(term.callWindow());
    }

    @Override
    public void requireHeld(String action) {
        ownership.requireHeld(action);
        if (!isHolder()) {
            throw new LedgerConflictException(credential);
        }
        if (!isWithin(term.calls()) && !ledger.isReadWithin(MAX_LEDGER_AGE)) {
            throw new IllegalStateException("The lease of the rotation of %s ended before %s; the ledger is read first"
                    .formatted(credential, action));
        }
    }

    private boolean isHolder() {
        return ledger.entry(credential).isHeld(rotation);
    }

    private boolean isWithin(Duration time) {
        return nanoTime.getAsLong() - startedAt <= time.toNanos();
    }
}
