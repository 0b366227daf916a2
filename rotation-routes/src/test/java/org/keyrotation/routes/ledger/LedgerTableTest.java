package org.keyrotation.routes.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;

/** The ledger in memory: which record of a credential wins. */
class LedgerTableTest {

    private static final CredentialId CREDENTIAL = new CredentialId("AcmeCorp", "S2-1");
    private static final String KEY = CREDENTIAL.toString();
    private static final LedgerEntry FIRST = LedgerEntry.UNSEEN.failed("first").nextRevision(7);
    private static final LedgerEntry SECOND = FIRST.failed("second").nextRevision(7);

    private final LedgerTable table = new LedgerTable();

    @Test
    void aCredentialWithoutAnEntryIsUnseen() {
        assertThat(table.get(CREDENTIAL)).isEqualTo(LedgerEntry.UNSEEN);
        assertThat(table.size()).isZero();
    }

    @Test
    void theLaterEntryWins() {
        table.apply(message(4, json(FIRST)));
        table.apply(message(5, json(SECOND)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(SECOND);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void anEarlierRecordDoesNotReplaceAnOwnWrite() {
        assertThat(table.putWritten(KEY, 5, SECOND, json(SECOND))).isTrue();
        table.apply(message(4, json(FIRST)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(SECOND);
    }

    @Test
    @Tag("I2")
    void aLateAcknowledgementDoesNotReplaceTheEntryOfALaterOwner() {
        LedgerEntry byTheLaterOwner = FIRST.nextRevision(8);
        table.apply(message(5, json(byTheLaterOwner)));
        assertThat(table.putWritten(KEY, 4, FIRST, json(FIRST))).isFalse();

        assertThat(table.get(CREDENTIAL)).isEqualTo(byTheLaterOwner);
        assertThat(table.drainStaleWrites()).isEmpty();
    }

    @Test
    @Tag("I2")
    void aLateAcknowledgementHidesNoStaleWrite() {
        LedgerEntry byTheLaterOwner = FIRST.nextRevision(8);
        table.apply(message(5, json(byTheLaterOwner)));
        table.apply(message(6, json(FIRST)));

        boolean unused = table.putWritten(KEY, 4, FIRST, json(FIRST));

        assertThat(table.drainStaleWrites()).containsExactly(KEY);
    }

    @Test
    void anEntryThatAnotherInstanceRestoredWins() {
        table.apply(message(6, json(FIRST)));

        assertThat(table.putWritten(KEY, 4, FIRST, json(FIRST))).isTrue();
    }

    @Test
    void eachCredentialHasItsOwnEntry() {
        table.apply(message(5, json(SECOND)));
        table.apply(message("AcmeCorp/S2-2", 6, json(FIRST)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(SECOND);
        assertThat(table.get(new CredentialId("AcmeCorp", "S2-2"))).isEqualTo(FIRST);
    }

    @Test
    @Tag("I2")
    void aLaterRecordOfALowerRevisionIsAStaleWrite() {
        LedgerEntry newer = FIRST.failed("another").nextRevision(7);
        table.apply(message(4, json(newer)));
        table.apply(message(5, json(FIRST)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(newer);
        assertThat(table.drainStaleWrites()).containsExactly(KEY);
        assertThat(table.drainStaleWrites()).isEmpty();
    }

    @Test
    @Tag("I2")
    void ofTwoOwnersTheLaterOneWinsInAnyOrder() {
        LedgerEntry byTheEarlierOwner = FIRST.failed("earlier").nextRevision(7);
        LedgerEntry byTheLaterOwner = FIRST.failed("later").nextRevision(8);
        table.apply(message(4, json(byTheLaterOwner)));
        table.apply(message(5, json(byTheEarlierOwner)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(byTheLaterOwner);
        assertThat(table.drainStaleWrites()).containsExactly(KEY);

        table.apply(message(6, json(byTheEarlierOwner)));
        table.apply(message(7, json(byTheLaterOwner)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(byTheLaterOwner);
        assertThat(table.drainStaleWrites()).isEmpty();
    }

    @Test
    @Tag("I2")
    void aStaleWriteIsReportedToItsWriter() {
        table.apply(message(4, json(FIRST.failed("another").nextRevision(7))));

        assertThat(table.putWritten(KEY, 5, FIRST, json(FIRST))).isFalse();
    }

    @Test
    void aRestoredEntryIsNotStale() {
        LedgerEntry newer = FIRST.failed("another").nextRevision(7);
        table.apply(message(4, json(newer)));
        table.apply(message(5, json(FIRST)));
        table.apply(message(6, json(newer)));

        assertThat(table.drainStaleWrites()).isEmpty();
    }

    @Test
    void aTombstoneRemovesTheEntry() {
        table.apply(message(4, json(FIRST)));
        table.apply(message(5, null));

        assertThat(table.get(CREDENTIAL)).isEqualTo(LedgerEntry.UNSEEN);
        assertThat(table.firstUnreadable()).isNull();
    }

    @Test
    void anOlderEntryDoesNotComeBackAfterATombstone() {
        table.apply(message(5, null));
        table.apply(message(4, json(FIRST)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(LedgerEntry.UNSEEN);
    }

    @Test
    void anUnreadableEntryIsRememberedByItsOffset() {
        table.apply(message(4, bytes("{\"settled\":17}")));

        assertThat(table.firstUnreadable()).isEqualTo("partition 3, offset 4");
    }

    @Test
    void anEntryOfAnotherCredentialDoesNotReplaceAnUnreadableOne() {
        table.apply(message(4, bytes("{")));
        table.apply(message("AcmeCorp/S2-2", 5, json(FIRST)));

        assertThat(table.firstUnreadable()).isEqualTo("partition 3, offset 4");
    }

    @Test
    void aLaterEntryReplacesAnUnreadableOne() {
        table.apply(message(4, bytes("{")));
        table.apply(message(5, json(FIRST)));

        assertThat(table.firstUnreadable()).isNull();
        assertThat(table.get(CREDENTIAL)).isEqualTo(FIRST);
    }

    @Test
    void aTombstoneReplacesAnUnreadableEntry() {
        table.apply(message(4, bytes("{")));
        table.apply(message(5, null));

        assertThat(table.firstUnreadable()).isNull();
    }

    @Test
    void aRecordWhoseKeyIsNoCredentialIsUnreadable() {
        table.apply(message("no credential", 4, json(FIRST)));

        assertThat(table.firstUnreadable()).isEqualTo("partition 3, offset 4");
        assertThat(table.size()).isZero();
    }

    @Test
    void aTombstoneReplacesARecordWhoseKeyIsNoCredential() {
        table.apply(message("no credential", 4, json(FIRST)));
        table.apply(message("no credential", 5, null));

        assertThat(table.firstUnreadable()).isNull();
    }

    @Test
    void aRecordWithoutAKeyIsUnreadable() {
        table.apply(new ConsumerRecord<>("rotation.ledger", 3, 4, null, json(FIRST)));

        assertThat(table.firstUnreadable()).isEqualTo("partition 3, offset 4");
    }

    private static ConsumerRecord<byte[], byte[]> message(long offset, byte @Nullable [] json) {
        return message(KEY, offset, json);
    }

    private static ConsumerRecord<byte[], byte[]> message(String key, long offset, byte @Nullable [] json) {
        return new ConsumerRecord<>("rotation.ledger", 3, offset, bytes(key), json);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] json(LedgerEntry entry) {
        try {
            return Json.mapper().writeValueAsBytes(entry);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
