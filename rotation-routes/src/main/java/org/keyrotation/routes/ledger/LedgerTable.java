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
 * The latest entry of each credential, as its JSON: a hundred thousand take a third of what objects would. A credential
 * is always in the same partition, so that the higher of two offsets is the later record; one that is later but of a lower
 * revision, or of an earlier generation and no higher revision, comes from an instance that was stopped while it wrote, and
 * is not taken.
 */
final class LedgerTable {

    private final Map<String, Stored> byCredential = new ConcurrentHashMap<>();
    private final Map<String, String> unreadable = new ConcurrentSkipListMap<>();
    private final Set<String> late = ConcurrentHashMap.newKeySet();

    LedgerEntry of(CredentialId credential) {
        Stored stored = byCredential.get(credential.toString());
        try {
            return stored == null || stored.json == null ? LedgerEntry.UNSEEN : stored.entry();
        } catch (IOException e) {
            throw new IllegalStateException("The ledger's entry of " + credential + " cannot be read", e);
        }
    }

    byte @Nullable [] json(String credential) {
        Stored stored = byCredential.get(credential);
        return stored == null ? null : stored.json;
    }

    /**
     * A null removes the entry.
     *
     * @return false where another entry stands: this one was written too late, or a later one is known already
     */
    boolean put(String credential, long offset, LedgerEntry entry, byte @Nullable [] json) {
        Stored stored = byCredential.get(credential);
        if (stored != null && stored.offset == offset) { // it was read before it was known to be written
            Stored unused = stored.inUse(entry);
            return true;
        }
        return put(credential, new Stored(offset, entry, json).inUse(entry));
    }

    private boolean put(String credential, Stored stored) {
        Stored kept = requireNonNull(byCredential.compute(credential, (id, known) -> {
            Stored stands = known == null ? stored : known.or(stored);
            if (stands == stored) {
                late.remove(id);
            } else if (stands.offset < stored.offset) {
                late.add(id);
            }
            return stands;
        }));
        return Arrays.equals(kept.json, stored.json); // not by the offset: another may have restored it
    }

    /** An entry that cannot be read is not taken for none: it is remembered until a later one, or a tombstone, replaces it. */
    void put(ConsumerRecord<byte[], byte[]> message) {
        String key = message.key() == null ? "" : new String(message.key(), UTF_8);
        try {
            if (!isKnown(key, message.offset())) {
                LedgerEntry entry = entry(key, message.value());
                boolean unused = put(key, new Stored(message.offset(), entry, message.value()));
            }
            unreadable.remove(key);
        } catch (IllegalArgumentException | IOException e) {
            unreadable.put(key, "partition %d, offset %d".formatted(message.partition(), message.offset()));
        }
    }

    /** What this instance wrote itself need not be read again. */
    private boolean isKnown(String credential, long offset) {
        Stored stored = byCredential.get(credential);
        return stored != null && stored.offset == offset;
    }

    private static LedgerEntry entry(String key, byte @Nullable [] json) throws IOException {
        if (json == null) {
            return LedgerEntry.UNSEEN;
        }
        CredentialId.parse(key);
        return read(json);
    }

    void late(String credential) {
        boolean unused = late.add(credential);
    }

    /** The credentials whose last record was written too late, once. */
    Set<String> takeLate() {
        Set<String> taken = Set.copyOf(late);
        late.removeAll(taken);
        return taken;
    }

    /** Where one of the entries stands that cannot be read, or null. */
    @Nullable
    String unreadable() {
        return unreadable.values().stream().findFirst().orElse(null);
    }

    int size() {
        return (int) byCredential.values().stream()
                .filter(stored -> stored.json != null)
                .count();
    }

    private static LedgerEntry read(byte[] json) throws IOException {
        LedgerEntry entry = Json.mapper().readValue(json, LedgerEntry.class);
        if (entry == null) {
            throw new IOException("JSON's null");
        }
        return entry;
    }

    private static final class Stored {
        private final long offset;
        private final long revision;
        private final int generation;
        private final byte @Nullable [] json;

        /** Of what was written here, for as long as there is memory; its text is kept for sure, and is smaller. */
        private SoftReference<@Nullable LedgerEntry> parsed = new SoftReference<>(null);

        Stored(long offset, LedgerEntry entry, byte @Nullable [] json) {
            this.offset = offset;
            this.revision = entry.revision();
            this.generation = entry.generation();
            this.json = json;
        }

        Stored inUse(LedgerEntry entry) {
            parsed = new SoftReference<>(entry);
            return this;
        }

        LedgerEntry entry() throws IOException {
            LedgerEntry entry = parsed.get();
            return entry == null ? read(requireNonNull(json)) : entry;
        }

        /** A tombstone is an operator's word. */
        Stored or(Stored other) {
            boolean sameAge = other.revision == revision && other.generation >= generation;
            boolean newer = other.json == null || other.revision > revision || sameAge;
            return other.offset > offset && newer ? other : this;
        }
    }
}
