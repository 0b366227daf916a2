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
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger in memory: the current entry of each credential, as JSON. The JSON takes a third of the memory of parsed entries.
 *
 * <p>All records of a credential are in one partition, so every instance reads them in the same order. A record wins if its
 * revision is higher than that of the current entry: of all that were made from the current entry, the first. Any other one
 * is a stale write, and changes nothing.
 */
final class LedgerTable {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerTable.class);

    private final Map<String, StoredEntry> byCredential = new ConcurrentHashMap<>();
    private final Map<String, String> unreadable = new ConcurrentSkipListMap<>();
    private final Set<String> staleWrites = ConcurrentHashMap.newKeySet();
    private final Map<String, PendingWrite> pendingWrites = new ConcurrentHashMap<>();
    private final ControlHolder control = new ControlHolder();

    LedgerEntry get(CredentialId credential) {
        StoredEntry stored = byCredential.get(credential.toString());
        try {
            return stored == null ? LedgerEntry.UNSEEN : stored.entry();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot parse the ledger entry of " + credential, e);
        }
    }

    /** Returns the current entry of each credential. */
    Map<CredentialId, LedgerEntry> entries() {
        return byCredential.entrySet().stream()
                .filter(stored -> stored.getValue().json != null)
                .map(stored -> CredentialId.parse(stored.getKey()))
                .collect(Collectors.toMap(credential -> credential, this::get));
    }

    ControlHolder control() {
        return control;
    }

    /** Expects an entry that this instance writes. Of each credential, it expects the last such entry. */
    void expect(PendingWrite written) {
        pendingWrites.put(written.credential().toString(), written);
    }

    void forget(PendingWrite written) {
        pendingWrites.remove(written.credential().toString(), written);
    }

    /** Ends the waiting for entries that will not be read, or whose writer has lost its partition. */
    void endVainWaits() {
        pendingWrites.values().forEach(pending -> {
            pending.loseIfSuperseded(get(pending.credential()));
            pending.failIfAbandoned();
        });
    }

    /** Returns how many entries are written and not read yet. */
    int expectedCount() {
        return pendingWrites.size();
    }

    /** Applies a record of the topic. An unreadable one is remembered until a later entry or a tombstone replaces it. */
    void apply(ConsumerRecord<byte[], byte[]> consumerRecord, int partitionCount) {
        String key = consumerRecord.key() == null ? "" : new String(consumerRecord.key(), UTF_8);
        int homePartition = consumerRecord.key() == null
                ? consumerRecord.partition()
                : BuiltInPartitioner.partitionForKey(consumerRecord.key(), partitionCount);
        if (homePartition == consumerRecord.partition()) {
            apply(key, consumerRecord);
        } else {
            applyMisplaced(key, homePartition, consumerRecord);
        }
    }

    /**
     * Offsets of two partitions have no order, so no misplaced record counts. One with a value may be an entry of a topic whose
     * partitions were added later: it makes the ledger unreadable until a tombstone follows it in the same partition.
     */
    private void applyMisplaced(String key, int homePartition, ConsumerRecord<byte[], byte[]> misplaced) {
        String keyOfPartition = key + "@" + misplaced.partition();
        if (misplaced.value() == null) {
            LOG.warn(
                    "Ignored the tombstone for {} in partition {} of the ledger {}, expected it in partition {}, which Java's default partitioner gives its key",
                    key,
                    misplaced.partition(),
                    misplaced.topic(),
                    homePartition);
            unreadable.remove(keyOfPartition);
        } else {
            unreadable.put(keyOfPartition, place(key, misplaced) + ", which belongs into partition " + homePartition);
        }
    }

    /** Names no other key: it is a stranger's text. */
    private static String place(String key, ConsumerRecord<byte[], byte[]> consumerRecord) {
        return "partition %d, offset %d%s"
                .formatted(
                        consumerRecord.partition(),
                        consumerRecord.offset(),
                        key.equals(LedgerControl.KEY) ? " (the key " + key + ")" : "");
    }

    private void apply(String key, ConsumerRecord<byte[], byte[]> consumerRecord) {
        try {
            StoredEntry current = byCredential.get(key);
            if (key.equals(LedgerControl.KEY)) {
                control.apply(consumerRecord.offset(), consumerRecord.value());
            } else if (current == null || current.offset < consumerRecord.offset()) {
                apply(key, current, consumerRecord.offset(), consumerRecord.value());
            }
            unreadable.remove(key);
        } catch (IllegalArgumentException | IOException e) {
            unreadable.put(key, place(key, consumerRecord));
        }
    }

    private void apply(String key, @Nullable StoredEntry current, long offset, byte @Nullable [] json)
            throws IOException {
        PendingWrite own = ownWrite(key, json);
        LedgerEntry entry = own == null ? parse(key, json) : own.entry();
        boolean wins = current == null || current.isReplacedBy(entry, json);
        boolean isCurrent = wins || Arrays.equals(requireNonNull(current).json, json);
        if (wins) {
            byCredential.put(key, new StoredEntry(offset, entry, json, own != null));
        }
        if (isCurrent) {
            staleWrites.remove(key);
        } else {
            staleWrites.add(key);
        }
        if (own != null) {
            own.wins().complete(isCurrent);
        }
    }

    private @Nullable PendingWrite ownWrite(String key, byte @Nullable [] json) {
        PendingWrite pending = pendingWrites.get(key);
        return pending != null && pending.isSameAs(json) ? pending : null;
    }

    private static LedgerEntry parse(String key, byte @Nullable [] json) throws IOException {
        if (json == null) {
            return LedgerEntry.UNSEEN;
        }
        CredentialId.parse(key);
        return parse(json);
    }

    void markStale(CredentialId credential) {
        boolean unused = staleWrites.add(credential.toString());
    }

    /** Removes and returns the credentials whose last record on the topic is a stale write. */
    Set<String> drainStaleWrites() {
        Set<String> drained = Set.copyOf(staleWrites);
        staleWrites.removeAll(drained);
        return drained;
    }

    /** Returns the place of an unreadable record, and the key if it is the control record; or null if all are readable. */
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
        LedgerEntry.requireSuccessors(entry.revision());
        return entry;
    }

    private static final class StoredEntry {
        private final long offset;
        private final long revision;
        private final byte @Nullable [] json;

        /** A cache of the object, for entries that this instance wrote; the garbage collector may clear it. */
        private final SoftReference<@Nullable LedgerEntry> parsed;

        StoredEntry(long offset, LedgerEntry entry, byte @Nullable [] json, boolean isCached) {
            this.offset = offset;
            this.revision = entry.revision();
            this.json = json;
            this.parsed = new SoftReference<>(isCached ? entry : null);
        }

        LedgerEntry entry() throws IOException {
            LedgerEntry entry = parsed.get();
            if (entry != null) {
                return entry;
            }
            return json == null ? LedgerEntry.UNSEEN : parse(json);
        }

        /**
         * Whether a later record wins. A tombstone does, so that an operator can remove an entry, and anything replaces it.
         * Entries of revision 0 say only that a credential was seen, so any of them may win.
         */
        boolean isReplacedBy(LedgerEntry later, byte @Nullable [] laterJson) {
            return json == null || laterJson == null || later.revision() > revision || revision + later.revision() == 0;
        }
    }
}
