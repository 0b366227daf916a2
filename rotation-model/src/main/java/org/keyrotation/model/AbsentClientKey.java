package org.keyrotation.model;

import com.fasterxml.jackson.databind.util.StdConverter;
import org.jspecify.annotations.Nullable;

/** A Jackson converter that reads an empty client key as none: the API may answer either before the first key. */
final class AbsentClientKey extends StdConverter<String, @Nullable ClientKey> {

    @Override
    public @Nullable ClientKey convert(String value) {
        return value.isBlank() ? null : new ClientKey(value);
    }
}
