package org.keyrotation.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A consumer's acknowledgement that it uses a client key. It counts if its fingerprint is that of the credential's current key:
 * duplicates, replays and late ones are harmless.
 *
 * @param consumer the name of the consumer, as {@code rotation.adoption.consumers} expects it; matches
 *     <code>[A-Za-z0-9][A-Za-z0-9._@-]{0,99}</code>
 * @param companyId the company account that owns the credential; matches the same pattern
 * @param apiCredentialId the API credential; matches the same pattern
 * @param keyFingerprint the {@linkplain ClientKey#fingerprint() fingerprint} of the key that the consumer uses
 * @param at when the consumer began to use the key
 * @param instance which instance of the consumer says so, for a person to read: at most 200 characters, or null
 */
public record KeyAcknowledgement(
        String consumer,
        String companyId,
        String apiCredentialId,
        String keyFingerprint,
        Instant at,
        @Nullable String instance) {

    private static final RecordParser<Unvalidated> PARSER =
            new RecordParser<>(Unvalidated.class, IllegalArgumentException::new);

    /** @throws IllegalArgumentException if a field is invalid; the message names every such field and quotes no value */
    public KeyAcknowledgement {
        new FieldRules()
                .id("consumer", consumer)
                .id("companyId", companyId)
                .id("apiCredentialId", apiCredentialId)
                .fingerprint("keyFingerprint", keyFingerprint)
                .notNull("at", at)
                .instant("at", at)
                .text("instance", instance, 200)
                .check();
    }

    /** The acknowledgement of a key that this consumer uses from now on. */
    public static KeyAcknowledgement of(String consumer, ClientKeyRotated key, Instant now) {
        return new KeyAcknowledgement(
                consumer, key.companyId(), key.apiCredentialId(), key.keyFingerprint(), now, null);
    }

    /**
     * Parses the value of a record on the acknowledgements topic, as strictly as {@link RotationRequest#read}.
     *
     * @param json the value of the record; null for a tombstone
     * @throws IllegalArgumentException if the value is not a valid acknowledgement; the message quotes no value
     */
    public static KeyAcknowledgement read(byte @Nullable [] json) {
        return PARSER.parse(json).validated();
    }

    /** Whether the text can be the name of a consumer. */
    public static boolean isConsumer(String text) {
        return FieldRules.isId(text);
    }

    /** The credential whose key the consumer uses. */
    public CredentialId credential() {
        return new CredentialId(companyId, apiCredentialId);
    }

    /** The key of the record: {@code companyId/apiCredentialId/consumer}. The topic keeps the last record of each. */
    public String recordKey() {
        return credential() + "/" + consumer;
    }

    /** A parsed acknowledgement: its fields have the right types, but their values are not validated yet. */
    private record Unvalidated(
            @Nullable String consumer,
            @Nullable String companyId,
            @Nullable String apiCredentialId,
            @Nullable String keyFingerprint,
            @Nullable Instant at,
            @Nullable String instance) {

        @SuppressWarnings("NullAway") // the constructor reports each missing field
        KeyAcknowledgement validated() {
            return new KeyAcknowledgement(consumer, companyId, apiCredentialId, keyFingerprint, at, instance);
        }
    }
}
