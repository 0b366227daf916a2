package org.keyrotation.routes.ledger;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;

/** An entry that this instance writes, until it is read. */
final class PendingWrite {

    private final CredentialId credential;
    private final LedgerEntry entry;
    private final byte[] json;
    private final BooleanSupplier isAwaited;
    private final CompletableFuture<Boolean> wins = new CompletableFuture<>();
    private boolean isOverdue;

    /**
     * @param entry the same as the JSON, as an object, so that it need not be parsed
     * @param isAwaited whether the writer still waits for it
     */
    PendingWrite(CredentialId credential, LedgerEntry entry, byte[] json, BooleanSupplier isAwaited) {
        this.credential = credential;
        this.entry = entry;
        this.json = json;
        this.isAwaited = isAwaited;
    }

    CredentialId credential() {
        return credential;
    }

    LedgerEntry entry() {
        return entry;
    }

    byte[] json() {
        return json;
    }

    boolean isSameAs(byte @Nullable [] read) {
        return Arrays.equals(json, read);
    }

    /** Completes when the entry is read: with false if another entry wins. */
    CompletableFuture<Boolean> wins() {
        return wins;
    }

    /**
     * Fails the write if its writer does not wait for it any more: the entry may win, or not. Not at the first call, which may
     * come just after the entry was sent.
     */
    void failIfAbandoned() {
        if (isOverdue && !isAwaited.getAsBoolean()) {
            wins.completeExceptionally(new LedgerWriteFencedException(credential));
        }
        isOverdue = true;
    }

    /** Loses if a later revision is current: compaction may remove an entry before a paused instance reads it. */
    void loseIfSuperseded(long currentRevision) {
        if (currentRevision > entry.revision()) {
            wins.complete(false);
        }
    }
}
