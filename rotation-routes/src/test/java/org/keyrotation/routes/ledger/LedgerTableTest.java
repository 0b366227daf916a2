package org.keyrotation.routes.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationFailed;

/** The ledger in memory: which record of a credential wins. */
class LedgerTableTest {

    private static final CredentialId CREDENTIAL = new CredentialId("AcmeCorp", "S2-1");
    private static final String KEY = CREDENTIAL.toString();
    private static final LedgerEntry FIRST =
            LedgerEntry.UNSEEN.failed(failure("first")).nextRevision();
    private static final LedgerEntry SECOND = FIRST.failed(failure("second")).nextRevision();

    /** Its revision is that of the second entry. */
    private static final byte[] UNREADABLE = bytes("{\"revision\":2,\"settled\":17}");

    private final LedgerTable table = new LedgerTable();

    @Test
    void aCredentialWithoutAnEntryIsUnseen() {
        assertThat(table.get(CREDENTIAL)).isEqualTo(LedgerEntry.UNSEEN);
        assertThat(table.size()).isZero();
    }

    @Test
    void theLaterEntryWins() {
        apply(message(4, json(FIRST)));
        apply(message(5, json(SECOND)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(SECOND);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void entriesAreThoseThatAreCurrentAndNoTombstone() {
        apply(message(4, json(FIRST)));
        apply(message(5, json(SECOND)));
        assertThat(table.entries()).isEqualTo(Map.of(CREDENTIAL, SECOND));

        apply(message(6, null));
        assertThat(table.entries()).isEmpty();
    }

    @Test
    @Tag("I2")
    void ofTwoEntriesThatWereMadeFromTheSameOneTheFirstWins() {
        LedgerEntry first = FIRST.failed(failure("of one instance")).nextRevision();
        LedgerEntry second = FIRST.failed(failure("of another instance")).nextRevision();
        apply(message(4, json(FIRST)));
        apply(message(5, json(first)));
        apply(message(6, json(second)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(first);
        assertThat(table.drainStaleWrites()).containsExactly(KEY);
    }

    @Test
    @Tag("I2")
    void aWriterKnowsThatItsEntryWinsOnceItIsRead() {
        PendingWrite write = expect(SECOND);
        apply(message(4, json(FIRST)));
        assertThat(write.wins()).isNotDone();

        apply(message(5, json(SECOND)));

        assertThat(write.wins()).isCompletedWithValue(true);
        assertThat(table.get(CREDENTIAL)).isSameAs(SECOND);
    }

    @Test
    @Tag("I2")
    void aWriterKnowsThatAnotherEntryWins() {
        PendingWrite write = expect(SECOND);
        apply(message(5, json(FIRST.failed(failure("of another instance")).nextRevision())));

        apply(message(6, json(SECOND)));

        assertThat(write.wins()).isCompletedWithValue(false);
    }

    @Test
    void anEntryThatIsWrittenTwiceWins() {
        PendingWrite retried = expect(FIRST);
        apply(message(4, json(FIRST)));
        apply(message(5, json(FIRST)));

        assertThat(retried.wins()).isCompletedWithValue(true);
        assertThat(table.drainStaleWrites()).isEmpty();
    }

    @Test
    @Tag("I2")
    void anEntryThatIsWrittenAgainAfterALaterOneIsStale() {
        apply(message(4, json(FIRST)));
        apply(message(5, json(SECOND)));
        apply(message(6, json(FIRST)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(SECOND);
        assertThat(table.drainStaleWrites()).containsExactly(KEY);
    }

    @Test
    void ofTwoFirstSeenEntriesTheLaterWins() {
        LedgerEntry later = LedgerEntry.firstSeen(Instant.EPOCH.plusSeconds(1));
        apply(message(4, json(LedgerEntry.firstSeen(Instant.EPOCH))));
        apply(message(5, json(later)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(later);
        assertThat(table.drainStaleWrites()).isEmpty();
    }

    @Test
    @Tag("I2")
    void aFirstSeenEntryIsStaleAfterAnyOther() {
        apply(message(4, json(FIRST)));
        apply(message(5, json(LedgerEntry.firstSeen(Instant.EPOCH))));

        assertThat(table.get(CREDENTIAL)).isEqualTo(FIRST);
        assertThat(table.drainStaleWrites()).containsExactly(KEY);
    }

    @Test
    void anyEntryReplacesATombstone() {
        LedgerEntry seen = LedgerEntry.firstSeen(Instant.EPOCH);
        apply(message(4, json(SECOND)));
        apply(message(5, null));
        apply(message(6, json(seen)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(seen);
    }

    @Test
    void anEntryWhoseRevisionIsFarAheadWins() {
        LedgerEntry ahead = new LedgerEntry(1_000_000, null, Instant.EPOCH, null, null, null, null, null, null, null);
        apply(message(4, json(FIRST)));
        apply(message(5, json(ahead)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(ahead);
    }

    @Test
    void eachCredentialHasItsOwnEntry() {
        apply(message(5, json(SECOND)));
        apply(message("AcmeCorp/S2-2", 6, json(FIRST)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(SECOND);
        assertThat(table.get(new CredentialId("AcmeCorp", "S2-2"))).isEqualTo(FIRST);
    }

    @Test
    @Tag("I2")
    void aLaterRecordOfALowerRevisionIsAStaleWrite() {
        LedgerEntry newer = FIRST.failed(failure("another")).nextRevision();
        apply(message(4, json(newer)));
        apply(message(5, json(FIRST)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(newer);
        assertThat(table.drainStaleWrites()).containsExactly(KEY);
        assertThat(table.drainStaleWrites()).isEmpty();
    }

    @Test
    void aRestoredEntryIsNotStale() {
        LedgerEntry newer = FIRST.failed(failure("another")).nextRevision();
        apply(message(4, json(newer)));
        apply(message(5, json(FIRST)));
        apply(message(6, json(newer.nextRevision())));

        assertThat(table.drainStaleWrites()).isEmpty();
    }

    @Test
    void aTombstoneRemovesTheEntry() {
        apply(message(4, json(FIRST)));
        apply(message(5, null));

        assertThat(table.get(CREDENTIAL)).isEqualTo(LedgerEntry.UNSEEN);
        assertThat(table.firstUnreadable()).isNull();
    }

    @Test
    void anOlderEntryDoesNotComeBackAfterATombstone() {
        apply(message(5, null));
        apply(message(4, json(FIRST)));

        assertThat(table.get(CREDENTIAL)).isEqualTo(LedgerEntry.UNSEEN);
    }

    @Test
    void anUnreadableEntryIsRememberedByItsOffset() {
        apply(message(4, bytes("{\"settled\":17}")));

        assertThat(table.firstUnreadable()).isEqualTo("partition 0, offset 4");
    }

    @Test
    void anEntryOfAnotherCredentialDoesNotReplaceAnUnreadableOne() {
        apply(message(4, bytes("{")));
        apply(message("AcmeCorp/S2-2", 5, json(FIRST)));

        assertThat(table.firstUnreadable()).isEqualTo("partition 0, offset 4");
    }

    @Test
    void aLaterEntryReplacesAnUnreadableOne() {
        apply(message(4, bytes("{")));
        apply(message(5, json(FIRST)));

        assertThat(table.firstUnreadable()).isNull();
        assertThat(table.get(CREDENTIAL)).isEqualTo(FIRST);
    }

    @Test
    void aTombstoneReplacesAnUnreadableEntry() {
        apply(message(4, bytes("{")));
        apply(message(5, null));

        assertThat(table.firstUnreadable()).isNull();
    }

    @Test
    void anEntryIsReadAsFarAsItsRevisionUntilItIsUsed() {
        apply(message(4, UNREADABLE));
        assertThat(table.firstUnreadable()).isNull();

        assertThatIllegalStateException()
                .isThrownBy(() -> table.get(CREDENTIAL))
                .withMessage("Invalid ledger entry of AcmeCorp/S2-1 at partition 0, offset 4");

        assertThat(table.firstUnreadable()).isEqualTo("partition 0, offset 4");
    }

    @Test
    void anEntryThatIsReplacedIsNeverParsed() {
        apply(message(4, UNREADABLE));
        apply(message(5, json(SECOND.nextRevision())));

        table.checkAll();

        assertThat(table.firstUnreadable()).isNull();
        assertThat(table.get(CREDENTIAL)).isEqualTo(SECOND.nextRevision());
    }

    @Test
    void theCheckOfAllFindsAnUnreadableEntry() {
        apply(message("AcmeCorp/S2-2", 3, json(FIRST)));
        apply(message(4, UNREADABLE));

        table.checkAll();

        assertThat(table.firstUnreadable()).isEqualTo("partition 0, offset 4");
    }

    @Test
    void afterTheCheckOfAllEachEntryIsParsedAsItIsRead() {
        table.checkAll();
        apply(message(4, UNREADABLE));

        assertThat(table.firstUnreadable()).isEqualTo("partition 0, offset 4");
    }

    @Test
    @Tag("I2")
    void anUnreadableEntryIsReplacedByAHigherRevisionOnly() {
        apply(message(4, json(FIRST)));
        apply(message(5, UNREADABLE));
        apply(message(6, json(SECOND)));
        assertThat(table.firstUnreadable()).isEqualTo("partition 0, offset 5");
        assertThat(table.drainStaleWrites()).isEmpty();

        apply(message(7, json(SECOND.nextRevision())));

        assertThat(table.firstUnreadable()).isNull();
        assertThat(table.get(CREDENTIAL)).isEqualTo(SECOND.nextRevision());
    }

    @Test
    void anUnreadableEntryStaysUnreadableWhenTheTopicIsReadAgain() {
        apply(message(3, json(LedgerEntry.firstSeen(Instant.EPOCH))));
        apply(message(4, UNREADABLE));
        table.checkAll();

        apply(message(3, json(LedgerEntry.firstSeen(Instant.EPOCH))));
        apply(message(4, UNREADABLE));

        assertThat(table.firstUnreadable()).isEqualTo("partition 0, offset 4");
    }

    @Test
    @Tag("I2")
    void theRevisionOfAnEntryCountsWhereverItStands() {
        apply(message(4, json(FIRST)));
        apply(message(5, bytes("{\"firstSeenAt\":\"2026-11-23T07:00:00Z\",\"revision\":2}")));
        apply(message(6, json(FIRST)));

        assertThat(table.get(CREDENTIAL).revision()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"revision\":-1}",
                "{\"revision\":\"1\"}",
                "{\"revision\":1.5}",
                "{\"revision\":01}",
                "{\"revision\":1",
                "{\"revision\":4611686018427387903}",
                "{\"revision\":99999999999999999999}",
                "{\"revision\":1,\"revision\":2}",
                "{\"revision\":1}{}",
            })
    @Tag("I2")
    void anInvalidRevisionIsUnreadable(String json) {
        apply(message(4, bytes(json)));
        table.checkAll();

        assertThat(table.firstUnreadable()).isEqualTo("partition 0, offset 4");
    }

    @Test
    void aRecordWhoseKeyIsNoCredentialIsUnreadable() {
        apply(message("no credential", 4, json(FIRST)));

        assertThat(table.firstUnreadable()).isEqualTo("partition 0, offset 4");
        assertThat(table.size()).isZero();
    }

    @Test
    void aTombstoneReplacesARecordWhoseKeyIsNoCredential() {
        apply(message("no credential", 4, json(FIRST)));
        apply(message("no credential", 5, null));

        assertThat(table.firstUnreadable()).isNull();
    }

    @Test
    void aRecordWithoutAKeyIsUnreadable() {
        apply(new ConsumerRecord<>("rotation.ledger", 0, 4, null, json(FIRST)));

        assertThat(table.firstUnreadable()).isEqualTo("partition 0, offset 4");
    }

    @Test
    void aWriterThatHasLostItsPartitionWaitsInVain() {
        AtomicBoolean isAwaited = new AtomicBoolean(true);
        PendingWrite write = new PendingWrite(CREDENTIAL, FIRST, json(FIRST), isAwaited::get);
        table.expect(write);
        table.endVainWaits();
        assertThat(write.wins()).isNotDone();

        isAwaited.set(false);
        table.endVainWaits();

        assertThat(write.wins()).isCompletedExceptionally();
    }

    @Test
    void aWriterIsGivenTimeToReadWhenItsInstanceStops() {
        PendingWrite write = new PendingWrite(CREDENTIAL, FIRST, json(FIRST), () -> false);
        table.expect(write);

        table.endVainWaits();

        assertThat(write.wins()).isNotDone();
    }

    @Test
    void aWriterWhoseEntryWasCompactedAwayHasLost() {
        PendingWrite write = expect(FIRST);
        apply(message(9, json(SECOND)));

        table.endVainWaits();

        assertThat(write.wins()).isCompletedWithValue(false);
    }

    @Test
    @Tag("I2")
    void aRecordInAnotherPartitionIsUnreadableUntilATombstoneFollowsItThere() {
        apply(message(5, json(FIRST)));
        table.apply(misplaced(9, json(SECOND)), 2);
        assertThat(table.get(CREDENTIAL)).isEqualTo(FIRST);
        assertThat(table.firstUnreadable()).contains("offset 9, which belongs into partition ");

        apply(message(6, json(SECOND)));
        assertThat(table.firstUnreadable()).contains("offset 9");

        table.apply(misplaced(10, null), 2);
        assertThat(table.firstUnreadable()).isNull();
        assertThat(table.get(CREDENTIAL)).isEqualTo(SECOND);
    }

    @Test
    void theKeyOfAnUnreadableControlRecordIsNamed() {
        table.apply(new ConsumerRecord<>("rotation.ledger", 0, 4, LedgerControl.KEY.getBytes(UTF_8), new byte[1]), 1);

        assertThat(table.firstUnreadable()).isEqualTo("partition 0, offset 4 (the key $control)");
    }

    @Test
    void aControlRecordInAnotherPartitionDoesNotCount() {
        byte[] key = bytes(LedgerControl.KEY);
        int other = 1 - BuiltInPartitioner.partitionForKey(key, 2);
        table.apply(
                new ConsumerRecord<>("rotation.ledger", 1 - other, 4, key, bytes("{\"revision\":1,\"apiHost\":\"a\"}")),
                2);
        table.apply(new ConsumerRecord<>("rotation.ledger", other, 9, key, null), 2);

        assertThat(table.control().get()).isNotNull();
        assertThat(table.firstUnreadable()).isNull();
    }

    private static ConsumerRecord<byte[], byte[]> misplaced(long offset, byte @Nullable [] json) {
        int other = 1 - BuiltInPartitioner.partitionForKey(bytes(KEY), 2);
        return new ConsumerRecord<>("rotation.ledger", other, offset, bytes(KEY), json);
    }

    private void apply(ConsumerRecord<byte[], byte[]> message) {
        table.apply(message, 1);
    }

    private PendingWrite expect(LedgerEntry entry) {
        PendingWrite write = new PendingWrite(CREDENTIAL, entry, json(entry), () -> true);
        table.expect(write);
        return write;
    }

    private static ConsumerRecord<byte[], byte[]> message(long offset, byte @Nullable [] json) {
        return message(KEY, offset, json);
    }

    private static ConsumerRecord<byte[], byte[]> message(String key, long offset, byte @Nullable [] json) {
        return new ConsumerRecord<>("rotation.ledger", 0, offset, bytes(key), json);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] json(LedgerEntry entry) {
        return EntryJson.write(entry);
    }

    private static RotationFailed failure(String requestId) {
        return LedgerEntryTest.failure(requestId);
    }
}
