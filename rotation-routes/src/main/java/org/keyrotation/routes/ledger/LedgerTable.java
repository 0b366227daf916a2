package org.keyrotation.routes.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger in memory: the current entry of each credential, as JSON. The JSON takes a third of the memory of parsed entries.
 *
 * <p>All records of a credential are in one partition, so every instance reads them in the same order. A record wins if its
 * revision is higher than that of the current entry: of all that were made from the current entry, the first. Any other one
 * is a stale write, and changes nothing.
 *
 * <p>A record is read as far as its revision, which decides whether it wins. The rest is parsed at its first use, at the latest
 * by {@link #checkAll()}. A current entry that is unreadable then stops all decisions, until a later record replaces it.
 */
final class LedgerTable {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerTable.class);

    private final Map<String, StoredEntry> byCredential = new ConcurrentHashMap<>();
    private final Map<String, String> unreadable = new ConcurrentSkipListMap<>();
    private final Set<String> staleWrites = ConcurrentHashMap.newKeySet();
    private final Map<String, PendingWrite> pendingWrites = new ConcurrentHashMap<>();
    private final ControlHolder control = new ControlHolder();
    private volatile boolean isEachChecked;

    /** @throws IllegalStateException if the entry is unreadable; from then on {@link #firstUnreadable()} returns it */
    LedgerEntry get(CredentialId credential) {
        String key = credential.toString();
        StoredEntry stored = byCredential.get(key);
        if (stored == null) {
            return LedgerEntry.UNSEEN;
        }
        try {
            return stored.entry();
        } catch (IOException e) {
            markUnreadable(key, stored);
            throw new IllegalStateException("Invalid ledger entry of " + credential + " at " + stored.place(), e);
        }
    }

    /** Parses all entries, and from now on each as it is read. Returns at once if that has been asked for before. */
    void checkAll() {
        if (!isEachChecked) {
            // First: the reader adds an entry before it looks at this, and so checks each that the pass below misses.
            isEachChecked = true;
            byCredential.entrySet().stream()
                    .takeWhile(each -> !Thread.currentThread().isInterrupted())
                    .forEach(each -> check(each.getKey(), each.getValue()));
        }
    }

    /** Returns whether the entry is readable. */
    private boolean check(String key, StoredEntry stored) {
        try {
            LedgerEntry unused = stored.entry();
            return true;
        } catch (IOException e) {
            markUnreadable(key, stored);
            return false;
        }
    }

    /** Marks the entry, unless it is replaced meanwhile. */
    private void markUnreadable(String key, StoredEntry stored) {
        byCredential.computeIfPresent(key, (sameKey, current) -> {
            if (current == stored) {
                unreadable.put(key, stored.place());
            }
            return current;
        });
    }

    private void put(String key, StoredEntry later) {
        byCredential.compute(key, (sameKey, replaced) -> {
            unreadable.remove(key);
            return later;
        });
    }

    boolean isKnown(CredentialId credential) {
        StoredEntry stored = byCredential.get(credential.toString());
        return stored != null && !stored.isTombstone();
    }

    /** Passes the current entry of each credential, one parsed entry at a time. */
    void forEach(BiConsumer<CredentialId, LedgerEntry> consumer) {
        byCredential.forEach((key, stored) -> {
            if (!stored.isTombstone()) {
                CredentialId credential = CredentialId.parse(key);
                consumer.accept(credential, get(credential));
            }
        });
    }

    /** Returns the current entry of each credential. */
    Map<CredentialId, LedgerEntry> entries() {
        return byCredential.entrySet().stream()
                .filter(stored -> !stored.getValue().isTombstone())
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
            StoredEntry current = byCredential.get(pending.credential().toString());
            pending.loseIfSuperseded(current == null ? 0 : current.revision());
            pending.failIfAbandoned();
        });
    }

    /** Returns how many entries are written and not read yet. */
    int expectedCount() {
        return pendingWrites.size();
    }

    /**
     * Applies a record of the topic. One without a readable revision changes nothing, and is remembered as unreadable until a
     * later entry or a tombstone follows it.
     */
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
        return StoredEntry.place(consumerRecord.partition(), consumerRecord.offset())
                + (key.equals(LedgerControl.KEY) ? " (the key " + key + ")" : "");
    }

    private void apply(String key, ConsumerRecord<byte[], byte[]> consumerRecord) {
        StoredEntry current = byCredential.get(key);
        if (current != null && !current.isBefore(consumerRecord)) {
            return;
        }
        try {
            if (key.equals(LedgerControl.KEY)) {
                control.apply(consumerRecord.offset(), consumerRecord.value());
                unreadable.remove(key);
            } else {
                apply(key, current, consumerRecord);
            }
        } catch (IllegalArgumentException | IOException e) {
            unreadable.put(key, place(key, consumerRecord));
        }
    }

    private void apply(String key, @Nullable StoredEntry current, ConsumerRecord<byte[], byte[]> consumerRecord)
            throws IOException {
        PendingWrite own = ownWrite(key, consumerRecord.value());
        StoredEntry later =
                own == null ? StoredEntry.unparsed(key, consumerRecord) : StoredEntry.own(consumerRecord, own.entry());
        boolean isCurrent = true;
        if (current == null || current.isReplacedBy(later)) {
            applyWinner(key, later);
        } else {
            isCurrent = current.hasSameJson(later);
            applyLoser(key, current, isCurrent);
        }
        if (own != null) {
            own.wins().complete(isCurrent);
        }
    }

    private void applyWinner(String key, StoredEntry later) {
        put(key, later);
        staleWrites.remove(key);
        if (isEachChecked) {
            check(key, later);
        }
    }

    /** A loser with the bytes of the current entry is a repeated write. An unreadable entry repairs no other one. */
    private void applyLoser(String key, StoredEntry current, boolean isCurrent) {
        if (check(key, current)) {
            unreadable.remove(key);
            boolean unused = isCurrent ? staleWrites.remove(key) : staleWrites.add(key);
        }
    }

    private @Nullable PendingWrite ownWrite(String key, byte @Nullable [] json) {
        PendingWrite pending = pendingWrites.get(key);
        return pending != null && pending.isSameAs(json) ? pending : null;
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
                .filter(stored -> !stored.isTombstone())
                .count();
    }
}
