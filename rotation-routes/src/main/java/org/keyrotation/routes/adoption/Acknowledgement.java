package org.keyrotation.routes.adoption;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.routes.ledger.LastKey;

/**
 * The last acknowledgement of a consumer in memory. It may be of an earlier key, sent late, or of a key that the ledger does not
 * have yet: then it hides an earlier one that counts.
 *
 * @param fingerprint the fingerprint of the key
 * @param atMillis the time of the acknowledgement, since 1970
 * @param hidden the earlier acknowledgement that counted when this one was read; null if none did, or this one does
 */
record Acknowledgement(long fingerprint, long atMillis, @Nullable Acknowledgement hidden) {

    private static final String PREFIX = "sha256:";

    /** Returns the acknowledgement of a record. Its time is not later than the record's, whatever the consumer's clock says. */
    static Acknowledgement of(KeyAcknowledgement acknowledgement, ConsumerRecord<?, ?> polled) {
        long at = acknowledgement.at().toEpochMilli();
        return new Acknowledgement(
                bits(acknowledgement.keyFingerprint()),
                polled.timestamp() == ConsumerRecord.NO_TIMESTAMP ? at : Math.min(at, polled.timestamp()),
                null);
    }

    /** Returns the later acknowledgement after this one. The time of a repeated acknowledgement is that of the first one. */
    Acknowledgement followedBy(Acknowledgement later, @Nullable LastKey current) {
        Acknowledgement counting = current == null ? null : of(current);
        if (counting == null) {
            return later;
        }
        return counting.fingerprint == later.fingerprint
                ? counting
                : new Acknowledgement(later.fingerprint, later.atMillis, counting);
    }

    /** Returns the acknowledgement that counts for the key, this one or the hidden one, or null. */
    @Nullable
    Acknowledgement of(LastKey key) {
        if (isOf(key)) {
            return this;
        }
        return hidden(key);
    }

    /** Returns the hidden acknowledgement if it counts for the key and this one does not, or null. */
    @Nullable
    Acknowledgement hidden(LastKey key) {
        return hidden != null && hidden.isOf(key) && !isOf(key) ? hidden : null;
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
