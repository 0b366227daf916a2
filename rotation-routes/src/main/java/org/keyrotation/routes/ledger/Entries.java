package org.keyrotation.routes.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;

/**
 * The latest entry of each credential, as its JSON: a hundred thousand take a third of what objects would. A credential
 * is always in the same partition, so that the higher of two offsets is the later entry.
 */
final class Entries {

    private final Map<String, Stored> byCredential = new ConcurrentHashMap<>();
    private final Map<String, String> unreadable = new ConcurrentSkipListMap<>();

    LedgerEntry of(CredentialId credential) {
        Stored stored = byCredential.get(credential.toString());
        if (stored == null || stored.json == null) {
            return LedgerEntry.UNSEEN;
        }
        try {
            return read(stored.json);
        } catch (IOException e) {
            throw new IllegalStateException("The ledger's entry of " + credential + " cannot be read", e);
        }
    }

    /** A null removes the entry. */
    void put(String credential, long offset, byte @Nullable [] json) {
        byCredential.merge(
                credential, new Stored(offset, json), (known, later) -> later.offset > known.offset ? later : known);
    }

    /** An entry that cannot be read is not taken for none: it is remembered until a later one, or a tombstone, replaces it. */
    void put(ConsumerRecord<byte[], byte[]> message) {
        String key = message.key() == null ? "" : new String(message.key(), UTF_8);
        try {
            if (message.value() != null) {
                CredentialId.parse(key);
                read(message.value());
            }
            put(key, message.offset(), message.value());
            unreadable.remove(key);
        } catch (IllegalArgumentException | IOException e) {
            unreadable.put(key, "partition %d, offset %d".formatted(message.partition(), message.offset()));
        }
    }

    /** Where one of the entries stands that cannot be read, or null. */
    @Nullable
    String unreadable() {
        return unreadable.values().stream().findFirst().orElse(null);
    }

    int size() {
        return byCredential.size();
    }

    void clear() {
        byCredential.clear();
        unreadable.clear();
    }

    private static LedgerEntry read(byte[] json) throws IOException {
        return Json.mapper().readValue(json, LedgerEntry.class);
    }

    private static final class Stored {
        private final long offset;
        private final byte @Nullable [] json;

        Stored(long offset, byte @Nullable [] json) {
            this.offset = offset;
            this.json = json;
        }
    }
}
