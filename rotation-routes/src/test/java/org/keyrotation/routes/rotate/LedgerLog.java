package org.keyrotation.routes.rotate;

import java.util.ArrayList;
import java.util.List;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.ledger.LedgerReplica;

/** The ledger topic with the records of one credential, and those that were sent but are not on it yet. */
final class LedgerLog {

    private final boolean isConditional;
    private final LedgerReplica all;
    private final List<Message> inFlight = new ArrayList<>();
    private final List<Message> records = new ArrayList<>();
    private long endOffset;

    /** @param isConditional false if each record wins over those before, whatever it was made from */
    LedgerLog(CredentialId credential, boolean isConditional) {
        this.isConditional = isConditional;
        this.all = new LedgerReplica(credential);
    }

    /** A record from the moment it is sent; it has an offset once it is on the log. */
    static final class Message {
        private final byte[] sent;
        private byte[] json;
        private long offset = -1;
        private boolean isCurrent;

        private Message(byte[] json) {
            this.sent = json;
            this.json = json;
        }

        byte[] sent() {
            return sent;
        }

        boolean isDelivered() {
            return offset >= 0;
        }

        long offset() {
            return offset;
        }
    }

    boolean isConditional() {
        return isConditional;
    }

    long endOffset() {
        return endOffset;
    }

    List<Message> inFlight() {
        return inFlight;
    }

    Message send(byte[] json) {
        Message message = new Message(json);
        inFlight.add(message);
        return message;
    }

    void deliver(Message message) {
        boolean unused = inFlight.remove(message);
        if (!isConditional) {
            message.json = LedgerReplica.withRevisionAfter(all.entry(), message.sent);
        }
        message.offset = endOffset++;
        records.add(message);
        all.apply(message.offset, message.json);
        message.isCurrent = all.repair().isEmpty();
    }

    /** Reads the next record at or after this position. Returns the new position. */
    long readNext(LedgerReplica replica, long position) {
        for (Message message : records) {
            if (message.offset >= position) {
                replica.apply(message.offset, message.json);
                return message.offset + 1;
            }
        }
        return endOffset;
    }

    /** Removes all records before the last current one that is before this position: stale ones after it are not repaired yet. */
    void compact(long position) {
        records.stream()
                .filter(message -> message.isCurrent && message.offset < position)
                .reduce((earlier, later) -> later)
                .ifPresent(last -> records.removeIf(message -> message.offset < last.offset));
    }

    /** Lets this replica read the log from the beginning. */
    LedgerReplica readFromBeginning(LedgerReplica replica) {
        records.forEach(message -> replica.apply(message.offset, message.json));
        return replica;
    }
}
