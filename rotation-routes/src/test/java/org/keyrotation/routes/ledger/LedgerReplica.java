package org.keyrotation.routes.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.keyrotation.model.CredentialId;

/** The table of one instance, with the entry of one credential. The real table decides which record wins. */
public final class LedgerReplica {

    private final LedgerTable table = new LedgerTable();
    private final CredentialId credential;

    /** Creates an empty replica, which parses an entry at its first use. */
    public LedgerReplica(CredentialId credential) {
        this.credential = credential;
    }

    /** Parses each entry as it is read, from now on. */
    public LedgerReplica parsingAtOnce() {
        table.checkAll();
        return this;
    }

    /** A write of this instance. */
    public final class Write {
        private final PendingWrite pending;

        private Write(PendingWrite pending) {
            this.pending = pending;
        }

        /** Returns the entry as it was sent. */
        public LedgerEntry entry() {
            return pending.entry();
        }

        /** Returns the record's value. */
        public byte[] json() {
            return pending.json();
        }

        /** Whether the record was read, and wins. */
        public boolean isWon() {
            return pending.wins().getNow(false);
        }

        /** Stops to wait for the record. */
        public void forget() {
            table.forget(pending);
        }
    }

    /** Returns the current entry. */
    public LedgerEntry entry() {
        return table.get(credential);
    }

    /** Expects the next revision of this entry on the log, as {@link LedgerWriter} does. */
    public Write expect(LedgerEntry update) {
        LedgerEntry next = update.nextRevision();
        PendingWrite pending = new PendingWrite(credential, next, EntryJson.write(next), () -> true);
        table.expect(pending);
        return new Write(pending);
    }

    /** Reads a record of the log. */
    public void apply(long offset, byte[] json) {
        table.apply(
                new ConsumerRecord<>(
                        "rotation.ledger", 0, offset, credential.toString().getBytes(UTF_8), json),
                1);
    }

    /** Returns the record that repairs a stale write at the end of what was read, if there is one. */
    public Optional<byte[]> repair() {
        return table.drainStaleWrites().isEmpty()
                ? Optional.empty()
                : Optional.of(EntryJson.write(entry().nextRevision()));
    }

    /** Returns the entry as it is written. */
    public static LedgerEntry written(LedgerEntry update) {
        return update.nextRevision();
    }

    /** Returns the same state as the revision after this entry, so that the record wins whatever it was made from. */
    public static byte[] withRevisionAfter(LedgerEntry current, byte[] json) {
        try {
            return EntryJson.write(EntryJson.read(json).withRevision(current.revision() + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
