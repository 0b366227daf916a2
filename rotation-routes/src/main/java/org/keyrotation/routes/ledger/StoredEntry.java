package org.keyrotation.routes.ledger;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;

/** A record of a credential in memory: the JSON of an entry or a tombstone, with its revision and its place on the topic. */
final class StoredEntry {

    private final int partition;
    private final long offset;
    private final long revision;
    private final byte @Nullable [] json;

    /** A cache of the object, for an entry that this instance wrote; the garbage collector may clear it. */
    private final @Nullable SoftReference<LedgerEntry> parsed;

    private StoredEntry(ConsumerRecord<byte[], byte[]> read, long revision, @Nullable LedgerEntry parsed) {
        this.partition = read.partition();
        this.offset = read.offset();
        this.revision = revision;
        this.json = read.value();
        this.parsed = parsed == null ? null : new SoftReference<>(parsed);
    }

    /** Returns an entry that this instance wrote. */
    static StoredEntry own(ConsumerRecord<byte[], byte[]> read, LedgerEntry entry) {
        return new StoredEntry(read, entry.revision(), entry);
    }

    /**
     * Returns an entry that is not parsed yet.
     *
     * @throws IllegalArgumentException or IOException if its key is no credential, or its revision is unreadable
     */
    static StoredEntry unparsed(String key, ConsumerRecord<byte[], byte[]> read) throws IOException {
        byte[] json = read.value();
        if (json == null) {
            return new StoredEntry(read, 0, null);
        }
        CredentialId.parse(key);
        return new StoredEntry(read, EntryJson.readRevision(json), null);
    }

    /** @throws IOException if it is unreadable */
    LedgerEntry entry() throws IOException {
        LedgerEntry entry = parsed == null ? null : parsed.get();
        if (entry != null) {
            return entry;
        }
        return json == null ? LedgerEntry.UNSEEN : EntryJson.read(json);
    }

    boolean isTombstone() {
        return json == null;
    }

    long revision() {
        return revision;
    }

    boolean isBefore(ConsumerRecord<byte[], byte[]> read) {
        return offset < read.offset();
    }

    boolean hasSameJson(StoredEntry other) {
        return Arrays.equals(json, other.json);
    }

    /**
     * Whether a later record wins. A tombstone does, so that an operator can remove an entry, and anything replaces it.
     * Entries of revision 0 say only that a credential was seen, so any of them may win.
     */
    boolean isReplacedBy(StoredEntry later) {
        return json == null || later.json == null || later.revision > revision || revision + later.revision == 0;
    }

    /** Returns its place on the topic, for an operator. */
    String place() {
        return place(partition, offset);
    }

    static String place(int partition, long offset) {
        return "partition %d, offset %d".formatted(partition, offset);
    }
}
