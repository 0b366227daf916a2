package org.keyrotation.routes.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;

/**
 * The ledger in memory: the current entry of each credential, as JSON. The JSON takes a third of the memory of parsed entries.
 *
 * <p>All records of a credential are in one partition, so the higher of two offsets is the later record. The later one wins,
 * unless it is a stale write: one with a lower revision, or with the same revision and an earlier generation. A paused
 * instance makes such a write after it has lost the partition.
 */
final class LedgerTable {

    private final Map<String, StoredEntry> byCredential = new ConcurrentHashMap<>();
    private final Map<String, String> unreadable = new ConcurrentSkipListMap<>();
    private final Set<String> staleWrites = ConcurrentHashMap.newKeySet();

    LedgerEntry get(CredentialId credential) {
        StoredEntry stored = byCredential.get(credential.toString());
        try {
            return stored == null || stored.json == null ? LedgerEntry.UNSEEN : stored.entry();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot parse the ledger entry of " + credential, e);
        }
    }

    byte @Nullable [] json(String credential) {
        StoredEntry stored = byCredential.get(credential);
        return stored == null ? null : stored.json;
    }

    /**
     * Adds an entry that this instance has written.
     *
     * @return false if another entry wins: this one is a stale write, or a later one has been read already
     */
    boolean putWritten(String credential, long offset, LedgerEntry entry, byte[] json) {
        StoredEntry stored = byCredential.get(credential);
        if (stored != null && stored.offset == offset) { // read before its acknowledgement
            stored.cache(entry);
            return true;
        }
        StoredEntry written = new StoredEntry(offset, entry, json);
        written.cache(entry);
        return putIfNewer(credential, written);
    }

    private boolean putIfNewer(String credential, StoredEntry candidate) {
        StoredEntry winner = requireNonNull(byCredential.compute(credential, (id, current) -> {
            StoredEntry wins = current == null ? candidate : current.winner(candidate);
            if (wins == candidate) {
                staleWrites.remove(id);
            } else if (wins.offset < candidate.offset) {
                staleWrites.add(id);
            }
            return wins;
        }));
        return Arrays.equals(
                winner.json, candidate.json); // equal content also counts: another instance may have restored the entry
    }

    /** Applies a record of the topic. An unreadable one is remembered until a later entry or a tombstone replaces it. */
    void apply(ConsumerRecord<byte[], byte[]> consumerRecord) {
        String key = consumerRecord.key() == null ? "" : new String(consumerRecord.key(), UTF_8);
        try {
            if (!isStored(key, consumerRecord.offset())) {
                LedgerEntry entry = parse(key, consumerRecord.value());
                boolean unused =
                        putIfNewer(key, new StoredEntry(consumerRecord.offset(), entry, consumerRecord.value()));
            }
            unreadable.remove(key);
        } catch (IllegalArgumentException | IOException e) {
            unreadable.put(
                    key, "partition %d, offset %d".formatted(consumerRecord.partition(), consumerRecord.offset()));
        }
    }

    /** Whether the record is stored already, because this instance wrote it: it need not be parsed again. */
    private boolean isStored(String credential, long offset) {
        StoredEntry stored = byCredential.get(credential);
        return stored != null && stored.offset == offset;
    }

    private static LedgerEntry parse(String key, byte @Nullable [] json) throws IOException {
        if (json == null) {
            return LedgerEntry.UNSEEN;
        }
        CredentialId.parse(key);
        return parse(json);
    }

    void markStale(String credential) {
        boolean unused = staleWrites.add(credential);
    }

    /** Removes and returns the credentials whose last record on the topic is a stale write. */
    Set<String> drainStaleWrites() {
        Set<String> drained = Set.copyOf(staleWrites);
        staleWrites.removeAll(drained);
        return drained;
    }

    /** Returns the partition and offset of an unreadable entry, or null if all are readable. */
    @Nullable
    String firstUnreadable() {
        return unreadable.values().stream().findFirst().orElse(null);
    }

    int size() {
        return (int) byCredential.values().stream()
                .filter(stored -> stored.json != null)
                .count();
    }

    private static LedgerEntry parse(byte[] json) throws IOException {
        LedgerEntry entry = Json.mapper().readValue(json, LedgerEntry.class);
        if (entry == null) {
            throw new IOException("the entry is JSON null");
        }
        return entry;
    }

    private static final class StoredEntry {
        private final long offset;
        private final long revision;
        private final int generation;
        private final byte @Nullable [] json;

        /** A cache of the object, for entries that this instance wrote; the garbage collector may clear it. */
        private SoftReference<@Nullable LedgerEntry> parsed = new SoftReference<>(null);

        StoredEntry(long offset, LedgerEntry entry, byte @Nullable [] json) {
            this.offset = offset;
            this.revision = entry.revision();
            this.generation = entry.generation();
            this.json = json;
        }

        void cache(LedgerEntry entry) {
            parsed = new SoftReference<>(entry);
        }

        LedgerEntry entry() throws IOException {
            LedgerEntry entry = parsed.get();
            return entry == null ? parse(requireNonNull(json)) : entry;
        }

        /** Returns the entry that wins. A later tombstone always wins, so that an operator can remove an entry. */
        StoredEntry winner(StoredEntry other) {
            boolean sameRevision = other.revision == revision && other.generation >= generation;
            boolean newer = other.json == null || other.revision > revision || sameRevision;
            return other.offset > offset && newer ? other : this;
        }
    }
}
