package org.keyrotation.routes.ledger;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.keyrotation.model.Json;

/** The JSON of ledger entries, as it is on the topic and in memory. */
final class EntryJson {

    /** The highest revision that is read: records are made from it, with higher ones. */
    private static final long MAX_REVISION = Long.MAX_VALUE / 4;

    private EntryJson() {}

    static byte[] write(LedgerEntry entry) {
        try {
            return Json.mapper().writeValueAsBytes(entry);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write a ledger entry as JSON", e);
        }
    }

    /** @throws IOException if it is no entry */
    static LedgerEntry read(byte[] json) throws IOException {
        LedgerEntry entry = Json.mapper().readValue(json, LedgerEntry.class);
        if (entry == null) {
            throw new IOException("the entry is JSON null");
        }
        requireSuccessors(entry.revision());
        return entry;
    }

    /**
     * Reads the revision alone if it is the first field, as in each entry that the service writes. A readable entry has no
     * second one: the mapper rejects repeated fields.
     *
     * @throws IOException if there is none; what follows it may be unreadable
     */
    static long readRevision(byte[] json) throws IOException {
        try (JsonParser parser = Json.mapper().createParser(json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT
                    && "revision".equals(parser.nextFieldName())
                    && parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                long revision = parser.getLongValue();
                requireSuccessors(revision);
                return revision;
            }
        }
        return read(json).revision();
    }

    /**
     * Checks the revision of a record that is read.
     *
     * @throws IOException if it is negative or too high
     */
    static void requireSuccessors(long revision) throws IOException {
        if (revision < 0 || revision > MAX_REVISION) {
            throw new IOException("the revision is negative or too high");
        }
    }
}
