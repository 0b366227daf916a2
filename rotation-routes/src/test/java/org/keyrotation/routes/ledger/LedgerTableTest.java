package org.keyrotation.routes.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;

/** The ledger in memory: which record of a credential counts. */
class LedgerTableTest {

    private static final CredentialId CREDENTIAL = new CredentialId("AcmeCorp", "S2-1");
    private static final String KEY = CREDENTIAL.toString();
    private static final LedgerEntry FIRST = LedgerEntry.UNSEEN.failed("first").writtenIn(7);
    private static final LedgerEntry SECOND = FIRST.failed("second").writtenIn(7);

    private final LedgerTable entries = new LedgerTable();

    @Test
    void ofWhatWasNeverWrittenNothingIsKnown() {
        assertThat(entries.of(CREDENTIAL)).isEqualTo(LedgerEntry.UNSEEN);
        assertThat(entries.size()).isZero();
    }

    @Test
    void theLaterEntryCounts() {
        entries.put(message(4, json(FIRST)));
        entries.put(message(5, json(SECOND)));

        assertThat(entries.of(CREDENTIAL)).isEqualTo(SECOND);
        assertThat(entries.size()).isEqualTo(1);
    }

    @Test
    void whatWasWrittenHereIsNotReplacedByWhatIsReadOfBefore() {
        assertThat(entries.put(KEY, 5, SECOND, json(SECOND))).isTrue();
        entries.put(message(4, json(FIRST)));

        assertThat(entries.of(CREDENTIAL)).isEqualTo(SECOND);
    }

    @Tag("I2")
    @Test
    @DisplayName(
            "I2: whose acknowledgement comes after a later owner's entry was read is told so, and does not replace it")
    void anAcknowledgementThatComesLateDoesNotReplaceWhatWasReadSince() {
        LedgerEntry ofTheLater = FIRST.writtenIn(8);
        entries.put(message(5, json(ofTheLater)));
        assertThat(entries.put(KEY, 4, FIRST, json(FIRST))).isFalse();

        assertThat(entries.of(CREDENTIAL)).isEqualTo(ofTheLater);
        assertThat(entries.takeLate()).isEmpty();
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: an acknowledgement that comes late hides no record that was written too late")
    void anAcknowledgementThatComesLateHidesNoLateRecord() {
        LedgerEntry ofTheLater = FIRST.writtenIn(8);
        entries.put(message(5, json(ofTheLater)));
        entries.put(message(6, json(FIRST)));

        boolean unused = entries.put(KEY, 4, FIRST, json(FIRST));

        assertThat(entries.takeLate()).containsExactly(KEY);
    }

    @Test
    void anEntryThatAnotherHasRestoredStands() {
        entries.put(message(6, json(FIRST)));

        assertThat(entries.put(KEY, 4, FIRST, json(FIRST))).isTrue();
    }

    @Test
    void eachCredentialHasItsOwn() {
        entries.put(message(5, json(SECOND)));
        entries.put(message("AcmeCorp/S2-2", 6, json(FIRST)));

        assertThat(entries.of(CREDENTIAL)).isEqualTo(SECOND);
        assertThat(entries.of(new CredentialId("AcmeCorp", "S2-2"))).isEqualTo(FIRST);
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: what is written later, but of a lower revision, comes from one that was stopped: it is not taken")
    void whatIsWrittenTooLateIsNotTaken() {
        LedgerEntry newer = FIRST.failed("another").writtenIn(7);
        entries.put(message(4, json(newer)));
        entries.put(message(5, json(FIRST)));

        assertThat(entries.of(CREDENTIAL)).isEqualTo(newer);
        assertThat(entries.takeLate()).containsExactly(KEY);
        assertThat(entries.takeLate()).isEmpty();
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: of two owners who write after the same entry the later one stands, whichever comes first")
    void ofTwoOwnersTheLaterStands() {
        LedgerEntry ofTheEarlier = FIRST.failed("earlier").writtenIn(7);
        LedgerEntry ofTheLater = FIRST.failed("later").writtenIn(8);
        entries.put(message(4, json(ofTheLater)));
        entries.put(message(5, json(ofTheEarlier)));

        assertThat(entries.of(CREDENTIAL)).isEqualTo(ofTheLater);
        assertThat(entries.takeLate()).containsExactly(KEY);

        entries.put(message(6, json(ofTheEarlier)));
        entries.put(message(7, json(ofTheLater)));

        assertThat(entries.of(CREDENTIAL)).isEqualTo(ofTheLater);
        assertThat(entries.takeLate()).isEmpty();
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: who writes too late is told")
    void whoWritesTooLateIsTold() {
        entries.put(message(4, json(FIRST.failed("another").writtenIn(7))));

        assertThat(entries.put(KEY, 5, FIRST, json(FIRST))).isFalse();
    }

    @Test
    void whatWasWrittenOverIsNotLateAnyMore() {
        LedgerEntry newer = FIRST.failed("another").writtenIn(7);
        entries.put(message(4, json(newer)));
        entries.put(message(5, json(FIRST)));
        entries.put(message(6, json(newer)));

        assertThat(entries.takeLate()).isEmpty();
    }

    @Test
    void aTombstoneRemovesTheEntry() {
        entries.put(message(4, json(FIRST)));
        entries.put(message(5, null));

        assertThat(entries.of(CREDENTIAL)).isEqualTo(LedgerEntry.UNSEEN);
        assertThat(entries.unreadable()).isNull();
    }

    @Test
    void anOlderEntryDoesNotComeBackAfterATombstone() {
        entries.put(message(5, null));
        entries.put(message(4, json(FIRST)));

        assertThat(entries.of(CREDENTIAL)).isEqualTo(LedgerEntry.UNSEEN);
    }

    @Test
    void anEntryThatCannotBeReadIsRememberedByItsPlace() {
        entries.put(message(4, bytes("{\"settled\":17}")));

        assertThat(entries.unreadable()).isEqualTo("partition 3, offset 4");
    }

    @Test
    void anEntryOfAnotherCredentialDoesNotReplaceOneThatCannotBeRead() {
        entries.put(message(4, bytes("{")));
        entries.put(message("AcmeCorp/S2-2", 5, json(FIRST)));

        assertThat(entries.unreadable()).isEqualTo("partition 3, offset 4");
    }

    @Test
    void aLaterEntryReplacesOneThatCannotBeRead() {
        entries.put(message(4, bytes("{")));
        entries.put(message(5, json(FIRST)));

        assertThat(entries.unreadable()).isNull();
        assertThat(entries.of(CREDENTIAL)).isEqualTo(FIRST);
    }

    @Test
    void aTombstoneReplacesAnEntryThatCannotBeRead() {
        entries.put(message(4, bytes("{")));
        entries.put(message(5, null));

        assertThat(entries.unreadable()).isNull();
    }

    @Test
    void aRecordWhoseKeyIsNoCredentialIsNoEntry() {
        entries.put(message("no credential", 4, json(FIRST)));

        assertThat(entries.unreadable()).isEqualTo("partition 3, offset 4");
        assertThat(entries.size()).isZero();
    }

    @Test
    void aTombstoneReplacesARecordWhoseKeyIsNoCredential() {
        entries.put(message("no credential", 4, json(FIRST)));
        entries.put(message("no credential", 5, null));

        assertThat(entries.unreadable()).isNull();
    }

    @Test
    void aRecordWithoutAKeyIsNoEntry() {
        entries.put(new ConsumerRecord<>("rotation.ledger", 3, 4, null, json(FIRST)));

        assertThat(entries.unreadable()).isEqualTo("partition 3, offset 4");
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
