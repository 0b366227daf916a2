package org.keyrotation.routes.ledger;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.Json;
import org.keyrotation.routes.ledger.LedgerControl.ConfirmedKeys;
import org.keyrotation.routes.ledger.LedgerControl.Pause;

/**
 * Reads an object that no rotation is decided by. If it is unreadable, the record around it is read all the same, with a
 * value in its place: an unreadable record stops all rotation.
 */
abstract class LenientDeserializer<T> extends JsonDeserializer<T> {

    private final Class<T> type;
    private final @Nullable T unreadable;

    private LenientDeserializer(Class<T> type, @Nullable T unreadable) {
        this.type = type;
        this.unreadable = unreadable;
    }

    @Override
    public @Nullable T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        JsonNode tree = context.readTree(parser); // that of the parser would reject the text behind it
        try {
            return Json.mapper().treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            return unreadable;
        }
    }

    /** An unreadable key is shown as none. */
    static final class OfLastKey extends LenientDeserializer<LastKey> {
        OfLastKey() {
            super(LastKey.class, null);
        }
    }

    /** Unreadable failures are shown as none. */
    static final class OfFailureStreak extends LenientDeserializer<FailureStreak> {
        OfFailureStreak() {
            super(FailureStreak.class, null);
        }
    }

    /** An unreadable drift is shown as none; the next tick finds it again. */
    static final class OfDrift extends LenientDeserializer<Drift> {
        OfDrift() {
            super(Drift.class, null);
        }
    }

    /** Unreadable times are shown as none; the next tick writes its own. */
    static final class OfConfirmedKeys extends LenientDeserializer<ConfirmedKeys> {
        OfConfirmedKeys() {
            super(ConfirmedKeys.class, null);
        }
    }

    /** An unreadable pause counts as a pause. */
    static final class OfPause extends LenientDeserializer<Pause> {
        OfPause() {
            super(Pause.class, Pause.UNREADABLE);
        }
    }
}
