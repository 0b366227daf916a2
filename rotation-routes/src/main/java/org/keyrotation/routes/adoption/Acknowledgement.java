package org.keyrotation.routes.adoption;

import java.time.Instant;
import java.util.function.LongPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.routes.ledger.LastKey;

/**
 * The last acknowledgement of a consumer in memory, with those before it that may count: the last one may be of an earlier key, sent
 * late, and the ledger may not have the key of another one yet.
 *
 * @param fingerprint the fingerprint of the key
 * @param atMillis the time of its first acknowledgement, since 1970
 * @param before the one before it, of another key that may count; null if there is none
 */
record Acknowledgement(long fingerprint, long atMillis, @Nullable Acknowledgement before) {

    private static final int MAX_KEPT = 3;
    private static final String PREFIX = "sha256:";

    /** Returns the acknowledgement of a record. Its time is not later than the record's, whatever the consumer's clock says. */
    static Acknowledgement of(KeyAcknowledgement acknowledgement, ConsumerRecord<?, ?> polled) {
        long at = acknowledgement.at().toEpochMilli();
        return new Acknowledgement(
                bits(acknowledgement.keyFingerprint()),
                polled.timestamp() == ConsumerRecord.NO_TIMESTAMP ? at : Math.min(at, polled.timestamp()),
                null);
    }

    /**
     * Returns the later acknowledgement after this one, with those of other keys that may count: not of the key before the one that
     * counts. The time of a repeated acknowledgement is that of the first one.
     */
    Acknowledgement followedBy(Acknowledgement later, @Nullable LastKey current) {
        Acknowledgement same = find(later.fingerprint);
        long at = same == null ? later.atMillis : same.atMillis;
        LongPredicate isDropped =
                key -> key == later.fingerprint || (current != null && later.isOf(current) && isPrevious(key, current));
        return new Acknowledgement(later.fingerprint, at, without(isDropped, current, MAX_KEPT - 1));
    }

    private static boolean isPrevious(long key, LastKey current) {
        return current.previousFingerprint() != null && key == bits(current.previousFingerprint());
    }

    /** Returns at most this many of the acknowledgements that are not dropped. The one that counts is among them. */
    private @Nullable Acknowledgement without(LongPredicate isDropped, @Nullable LastKey current, int count) {
        Acknowledgement rest = before == null ? null : before.without(isDropped, current, count - 1);
        boolean isKept = !isDropped.test(fingerprint) && (count > 0 || (current != null && isOf(current)));
        return isKept ? new Acknowledgement(fingerprint, atMillis, rest) : rest;
    }

    private @Nullable Acknowledgement find(long key) {
        if (fingerprint == key) {
            return this;
        }
        return before == null ? null : before.find(key);
    }

    /** Returns the acknowledgement that counts for the key, or null. */
    @Nullable
    Acknowledgement of(LastKey key) {
        return find(bits(key.fingerprint()));
    }

    private boolean isOf(LastKey key) {
        return fingerprint == bits(key.fingerprint());
    }

    Instant at() {
        return Instant.ofEpochMilli(atMillis);
    }

    /** Returns the message, without the instance of the consumer. */
    KeyAcknowledgement message(CredentialId credential, String consumer) {
        return new KeyAcknowledgement(
                consumer,
                credential.companyId(),
                credential.apiCredentialId(),
                PREFIX + "%016x".formatted(fingerprint),
                at(),
                null);
    }

    private static long bits(String keyFingerprint) {
        return Long.parseUnsignedLong(keyFingerprint.substring(PREFIX.length()), 16);
    }
}
