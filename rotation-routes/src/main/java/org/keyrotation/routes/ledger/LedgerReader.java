package org.keyrotation.routes.ledger;

import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.kafka.CompactedTopicReader;

/**
 * Reads the records of the ledger topic into the table.
 *
 * @param repair called with each credential whose last record is a stale write
 */
record LedgerReader(LedgerTable table, Consumer<CredentialId> repair) implements CompactedTopicReader.Table {

    @Override
    public void apply(ConsumerRecord<byte[], byte[]> polled, int partitionCount) {
        table.apply(polled, partitionCount);
    }

    /** An entry that is unreadable makes all others doubtful: the instance that wrote it may have written them. */
    @Override
    public boolean isReadable() {
        return table.firstUnreadable() == null;
    }

    @Override
    public int expectedCount() {
        return table.expectedCount();
    }

    /** Repairs only then: before, a later record may restore the entry. */
    @Override
    public void afterReadToEnd() {
        table.drainStaleWrites().stream().map(CredentialId::parse).forEach(repair);
    }

    @Override
    public void endVainWaits() {
        table.endVainWaits();
    }
}
