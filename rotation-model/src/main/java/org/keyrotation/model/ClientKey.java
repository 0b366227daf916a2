package org.keyrotation.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A client key of an API credential. {@link #toString()} prints the fingerprint only, so that no log line shows the key.
 * {@link #value()} and JSON hold the key itself.
 *
 * @param value the key, as the Management API returns it: 1 to 500 printable ASCII characters without spaces
 * @see <a href="https://docs.adyen.com/development-resources/client-side-authentication">Client-side authentication</a>
 */
public record ClientKey(@JsonValue String value) {

    private static final Pattern VALUE = Pattern.compile("[!-~]{1,500}");
    private static final int FINGERPRINT_BYTES = 8;

    /** @throws IllegalArgumentException if the value is not a valid key; the message does not quote it */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ClientKey {
        new FieldRules()
                .require(
                        value != null && VALUE.matcher(value).matches(),
                        "clientKey: invalid value, expected 1 to 500 printable ASCII characters without spaces")
                .check();
    }

    /**
     * Returns the fingerprint of the key: {@code sha256:} and the first 16 hex digits of the SHA-256 of the key in UTF-8. It
     * identifies a key without revealing it.
     */
    public String fingerprint() {
        return "sha256:" + HexFormat.of().formatHex(sha256(), 0, FINGERPRINT_BYTES);
    }

    @Override
    public String toString() {
        return "ClientKey[" + fingerprint() + "]";
    }

    private byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(
                    "SHA-256 is not available, although every Java platform must provide it", e);
        }
    }
}
