package org.keyrotation.model;

import com.fasterxml.jackson.databind.util.StdConverter;
import org.jspecify.annotations.Nullable;

/** A Jackson converter that reads a client key as its fingerprint, and one that can be no key as none. */
final class KeyFingerprint extends StdConverter<String, @Nullable String> {

    @Override
    public @Nullable String convert(String value) {
        try {
            return new ClientKey(value).fingerprint();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
