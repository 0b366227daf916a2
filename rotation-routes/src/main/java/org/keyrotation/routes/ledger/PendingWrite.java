package org.keyrotation.routes.ledger;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An entry that this instance writes, until it is read. */
final class PendingWrite {

    private final LedgerEntry entry;
    private final byte[] json;
    private final CompletableFuture<Boolean> wins = new CompletableFuture<>();

    /** @param entry the same as an object, so that it need not be parsed */
    PendingWrite(LedgerEntry entry, byte[] json) {
        this.entry = entry;
        this.json = json;
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
}
