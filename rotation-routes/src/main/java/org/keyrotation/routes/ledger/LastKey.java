package org.keyrotation.routes.ledger;

import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ClientKeyRotated;

/**
 * The key of the last rotation, without the key itself.
 *
 * @param fingerprint the fingerprint of the key
 * @param previousFingerprint the fingerprint of the key before; null if there was none, or the credential was not read
 * @param usableFrom from when the key works
 * @param previousKeyExpiresAt until when the key before works
 * @param keyRecord where the record of the key is; null if the key is on no topic, or an older version has recorded it
 * @param foundAt when the key was found at the API, if a person has generated it; otherwise null
 */
public record LastKey(
        String fingerprint,
        @Nullable String previousFingerprint,
        Instant usableFrom,
        Instant previousKeyExpiresAt,
        @Nullable KeyRecord keyRecord,
        @Nullable Instant foundAt) {

    private static final Pattern FINGERPRINT = Pattern.compile("sha256:[0-9a-f]{16}");

    /** @throws IllegalArgumentException if a fingerprint is none: both are shown */
    public LastKey {
        requireFingerprint(fingerprint);
        if (previousFingerprint != null) {
            requireFingerprint(previousFingerprint);
        }
        Objects.requireNonNull(usableFrom, "usableFrom");
        Objects.requireNonNull(previousKeyExpiresAt, "previousKeyExpiresAt");
    }

    /** Returns the last key after the event of this rotation, whose record is there. */
    public static LastKey of(UnfinishedRotation rotation, ClientKeyRotated event, @Nullable KeyRecord keyRecord) {
        return new LastKey(
                event.keyFingerprint(),
                event.previousKeyFingerprint(),
                event.usableFrom(),
                event.previousKeyExpiresAt(),
                keyRecord,
                rotation.byHand() ? event.requestedAt() : null);
    }

    static void requireFingerprint(@Nullable String text) {
        if (text == null || !FINGERPRINT.matcher(text).matches()) {
            throw new IllegalArgumentException("invalid fingerprint, expected sha256: and 16 lower-case hex digits");
        }
    }
}
