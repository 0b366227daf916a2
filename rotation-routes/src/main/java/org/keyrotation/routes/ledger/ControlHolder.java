package org.keyrotation.routes.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.Json;

/** The control record in memory. The reader of the ledger applies each record of its key. */
final class ControlHolder {

    private static final byte[] EMPTY = {'{', '}'};

    private @Nullable LedgerControl current;
    private byte[] json = EMPTY;
    private long lastOffset = -1;
    private boolean hasLoser;
    private CompletableFuture<Void> nextChange = new CompletableFuture<>();

    /**
     * Applies a record of the topic.
     *
     * @throws IllegalArgumentException or IOException if it is unreadable
     */
    void apply(long offset, byte @Nullable [] value) throws IOException {
        LedgerControl read = value == null ? null : parse(value);
        CompletableFuture<Void> changed = applyIfLater(offset, read, value == null ? EMPTY : value);
        if (changed != null) {
            changed.complete(null);
        }
    }

    /** Returns the future to complete, outside of the lock, or null. The reader reads the topic again after a failure. */
    private synchronized @Nullable CompletableFuture<Void> applyIfLater(
            long offset, @Nullable LedgerControl read, byte[] value) {
        if (offset <= lastOffset) {
            return null;
        }
        lastOffset = offset;
        if (read != null && current != null && read.revision() <= current.revision()) {
            hasLoser = !read.equals(current);
            return null;
        }
        hasLoser = false;
        current = read;
        json = value;
        CompletableFuture<Void> changed = nextChange;
        nextChange = new CompletableFuture<>();
        return changed;
    }

    synchronized @Nullable LedgerControl get() {
        return current;
    }

    /** Returns the current record if a record that has lost is the last on the topic: compaction would keep that one. */
    synchronized @Nullable LedgerControl toRepair() {
        return hasLoser ? current : null;
    }

    /** Returns a future that completes at the next change. */
    synchronized CompletableFuture<Void> nextChange() {
        return nextChange;
    }

    /** Returns the JSON of a record that is made from the current one. It keeps the fields and the pause of a later version. */
    synchronized byte[] json(LedgerControl next) throws IOException {
        ObjectNode merged = Json.mapper().valueToTree(next);
        JsonNode before = Json.mapper().readTree(json);
        before.properties().forEach(field -> merged.putIfAbsent(field.getKey(), field.getValue()));
        if (current != null && next.pause() != null && next.pause().equals(current.pause())) {
            merged.set("pause", before.get("pause"));
        }
        return Json.mapper().writeValueAsBytes(merged);
    }

    private static LedgerControl parse(byte[] json) throws IOException {
        LedgerControl control = Json.mapper().readValue(json, LedgerControl.class);
        if (control == null) {
            throw new IOException("the control record is JSON null");
        }
        EntryJson.requireSuccessors(control.revision());
        return control;
    }
}
