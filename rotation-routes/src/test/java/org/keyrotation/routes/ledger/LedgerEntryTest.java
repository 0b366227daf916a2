package org.keyrotation.routes.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.Json;
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;

/** The transitions of a ledger entry, and its JSON. */
class LedgerEntryTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final LastKey KEY = new LastKey("sha256:9f86d081884c7d65", null, NOON, NOON, null, null);

    @Test
    void anUnseenEntryIsEmpty() {
        assertThat(LedgerEntry.UNSEEN)
                .isEqualTo(new LedgerEntry(0, null, null, null, null, null, null, null, null, null));
    }

    @Test
    void eachWriteIsTheNextRevision() {
        LedgerEntry entry = LedgerEntry.UNSEEN
                .failed(failure("1"))
                .nextRevision()
                .failed(failure("2"))
                .nextRevision();

        assertThat(entry.revision()).isEqualTo(2);
        assertThat(entry.settled()).containsExactly("1", "2");
    }

    @Test
    void aStartedRotationIsUnfinished() {
        LedgerEntry entry = LedgerEntry.UNSEEN.started(startedAt(NOON));

        assertThat(entry.unfinished()).isEqualTo(startedAt(NOON));
        assertThat(entry.firstSeenAt()).isEqualTo(NOON);
        assertThat(entry.settled()).isEmpty();
    }

    @Test
    void aRotationIsFinishedAndItsRequestSettled() {
        LedgerEntry entry = LedgerEntry.UNSEEN.started(startedAt(NOON)).rotated(startedAt(NOON), KEY);

        assertThat(entry.unfinished()).isNull();
        assertThat(entry.lastRotationAt()).isEqualTo(NOON);
        assertThat(entry.lastKey()).isEqualTo(KEY);
        assertThat(entry.settled()).containsExactly("1");
    }

    @Test
    void aClearedRotationSettlesNoRequest() {
        LedgerEntry entry = LedgerEntry.UNSEEN.started(startedAt(NOON)).cleared();

        assertThat(entry).isEqualTo(LedgerEntry.firstSeen(NOON));
    }

    @Test
    void aPendingFailureSettlesNoRequest() {
        LedgerEntry entry = LedgerEntry.UNSEEN.failing(failure());

        assertThat(entry.pendingFailures()).containsExactly(failure());
        assertThat(entry.firstSeenAt()).isEqualTo(NOON);
        assertThat(entry.settled()).isEmpty();
        assertThat(entry.failures()).isNull();
    }

    @Test
    void aFailedRequestIsSettledAndLeavesTheRotationUnfinished() {
        LedgerEntry entry =
                LedgerEntry.UNSEEN.started(startedAt(NOON)).failing(failure()).failed(failure());

        assertThat(entry.unfinished()).isEqualTo(startedAt(NOON));
        assertThat(entry.pendingFailures()).isEmpty();
        assertThat(entry.settled()).containsExactly("1");
    }

    @Test
    void aSatisfiedRequestIsSettledOnce() {
        LedgerEntry entry = rotated("1", NOON).satisfied(satisfied("2", NOON.minusSeconds(1)));

        assertThat(entry.settled()).containsExactly("1", "2");
        assertThat(entry.satisfied(satisfied("2", NOON.minusSeconds(1)))).isSameAs(entry);
    }

    @Test
    void theLastKeyIsThatOfTheLatestRecord() {
        LastKey later = new LastKey("sha256:60303ae22b998861", KEY.fingerprint(), NOON, NOON, null, null);

        LedgerEntry entry = rotated("1", NOON).rotated(startedBy("2", NOON.minusSeconds(1)), later);

        assertThat(entry.lastKey()).isEqualTo(later);
        assertThat(entry.started(startedBy("3", NOON)).cleared().lastKey()).isEqualTo(later);
    }

    @Test
    void failuresInARowAreCountedUntilTheNextKey() {
        LedgerEntry failedTwice = rotated("1", NOON)
                .failing(failure("2"))
                .failed(failure("2"))
                .failed(failure("3"))
                .failed(failure("3"))
                .satisfied(satisfied("4", NOON));

        assertThat(failedTwice.failures()).isEqualTo(new FailureStreak(2, "3", NOON));
        assertThat(failedTwice.rotated(startedBy("5", NOON), KEY).failures()).isNull();
    }

    @Test
    @Tag("I1")
    void otherRequestsKeepAPendingFailure() {
        LedgerEntry entry = LedgerEntry.UNSEEN
                .failing(failure())
                .failing(failure("2"))
                .failed(failure("2"))
                .started(startedBy("3", NOON))
                .cleared()
                .started(startedBy("3", NOON))
                .rotated(startedBy("3", NOON), KEY);

        assertThat(entry.pendingFailures()).containsExactly(failure());
        assertThat(entry.failed(failure("1")).pendingFailures()).isEmpty();
    }

    @Test
    void aFailureIsPendingOnce() {
        LedgerEntry entry = LedgerEntry.UNSEEN.failing(failure()).failing(failure());

        assertThat(entry.pendingFailures()).containsExactly(failure());
        assertThat(entry.pendingFailure("1")).isEqualTo(failure());
        assertThat(entry.pendingFailure("2")).isNull();
    }

    @Test
    @Tag("I2")
    void theKeyOfATakenOverRotationIsPublishedForItsOwnRequest() {
        LedgerEntry entry = LedgerEntry.UNSEEN.started(startedAt(NOON));

        assertThat(entry.takenOver(startedAt(NOON), request("2"))).isEqualTo(startedAt(NOON));
    }

    @Test
    void theRequestOfARotationOfAnOlderVersionIsKnownOnceItIsResumed() {
        UnfinishedRotation older = new UnfinishedRotation(
                "1", "0b5c-idempotency", NOON, "sha256:60303ae22b998861", null, null, null, null, false);
        LedgerEntry entry = LedgerEntry.UNSEEN.started(older);

        assertThat(entry.takenOver(older, request("1"))).isEqualTo(startedAt(NOON));
        assertThat(entry.takenOver(older, request("2")).request()).isNull();
    }

    @Test
    @Tag("I1")
    void theKeyOfARotationWhoseRequestHasFailedIsPublishedForTheNext() {
        LedgerEntry failing = LedgerEntry.UNSEEN.started(startedAt(NOON)).failing(failure());

        assertThat(failing.takenOver(startedAt(NOON), request("2"))).isEqualTo(startedBy("2", NOON));
        assertThat(failing.failed(failure("1"))
                        .takenOver(startedAt(NOON), request("2"))
                        .requestId())
                .isEqualTo("2");
    }

    @Test
    @Tag("I2")
    void aRotationThatAnOlderVersionTookOverSettlesBothRequests() {
        UnfinishedRotation takenOver = new UnfinishedRotation(
                "2", "0b5c-idempotency", NOON, "sha256:60303ae22b998861", "1", null, null, null, false);

        assertThat(LedgerEntry.UNSEEN.started(takenOver).rotated(takenOver, KEY).settled())
                .containsExactly("1", "2");
    }

    @Test
    void theLastRotationNeverMovesBack() {
        LedgerEntry entry = rotated("1", NOON).rotated(startedBy("2", NOON.minusSeconds(1)), KEY);

        assertThat(entry.lastRotationAt()).isEqualTo(NOON);
    }

    @Test
    void aLaterRotationIsTheLast() {
        LedgerEntry entry = rotated("1", NOON).rotated(startedBy("2", NOON.plusNanos(1)), KEY);

        assertThat(entry.lastRotationAt()).isEqualTo(NOON.plusNanos(1));
    }

    @Test
    void theTimeOfTheFirstEntryIsKept() {
        LedgerEntry entry = LedgerEntry.UNSEEN
                .started(startedAt(NOON))
                .rotated(startedBy("1", NOON.plusSeconds(1)), KEY)
                .started(startedAt(NOON.minusSeconds(1)));

        assertThat(entry.firstSeenAt()).isEqualTo(NOON);
    }

    @Test
    @Tag("I2")
    void theLastSixteenSettledRequestsAreRemembered() {
        LedgerEntry entry = settled(17);

        assertThat(entry.isSettled("1")).isFalse();
        assertThat(entry.settled())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(2, 17).mapToObj(Integer::toString).toList());
    }

    @Test
    void theSixteenthLastRequestIsRemembered() {
        assertThat(settled(16).isSettled("1")).isTrue();
    }

    @Test
    void aRequestThatIsSettledAgainIsRememberedOnceAsTheLatest() {
        LedgerEntry entry = settled(16).rotated(startedBy("1", NOON), KEY).failed(failure("17"));

        assertThat(entry.isSettled("1")).isTrue();
        assertThat(entry.isSettled("2")).isFalse();
        assertThat(entry.settled()).hasSize(16).doesNotHaveDuplicates();
    }

    @Test
    @Tag("I1")
    void requestsThatAreNotRememberedTakeOnePlaceWhenTheyAreSettledAgain() {
        LedgerEntry entry = settled(20);

        for (int again = 1; again <= 5; again++) {
            entry = entry.satisfied(satisfied(String.valueOf(again), NOON.plusSeconds(again)));
        }

        assertThat(entry.settled())
                .containsExactlyElementsOf(Stream.concat(
                                Stream.of("5"), IntStream.rangeClosed(6, 20).mapToObj(Integer::toString))
                        .toList());
    }

    @Test
    @Tag("I2")
    void requestsOfTheSameTimeAreAllRemembered() {
        LedgerEntry entry = settled(16);

        for (int same = 17; same <= 21; same++) {
            entry = entry.failed(failure(String.valueOf(same), NOON.plusSeconds(16)));
        }

        assertThat(entry.settled()).hasSize(16).endsWith("16", "17", "18", "19", "20", "21");
    }

    @Test
    void aLaterRequestIsRememberedAsTheLatest() {
        LedgerEntry entry =
                settled(20).satisfied(satisfied("1", NOON)).satisfied(satisfied("21", NOON.plusSeconds(21)));

        assertThat(entry.settled()).hasSize(16).endsWith("20", "21").doesNotContain("1");
    }

    @ParameterizedTest
    @CsvSource({"1, 0, ROTATED", "1, 1, FAILED", "2, 0, SATISFIED", "2, 1, OPEN"})
    void theStateOfARequestFollowsFromItsIdAndItsTime(String requestId, int secondsAfter, RequestState state) {
        LedgerEntry entry = rotated("1", NOON);

        assertThat(entry.stateOf(requestId, NOON.plusSeconds(secondsAfter), NOON))
                .isEqualTo(state);
    }

    @Test
    void jsonRoundTrip() throws IOException {
        LedgerEntry entry = settled(16)
                .rotated(startedBy("17", NOON), KEY)
                .started(startedAt(NOON.plusNanos(1)))
                .failing(failure());

        String json = Json.mapper().writeValueAsString(entry);

        assertThat(Json.mapper().readValue(json, LedgerEntry.class)).isEqualTo(entry);
    }

    @Test
    void jsonRoundTripOfTheUnseenEntry() throws IOException {
        String json = Json.mapper().writeValueAsString(LedgerEntry.UNSEEN);

        assertThat(Json.mapper().readValue(json, LedgerEntry.class)).isEqualTo(LedgerEntry.UNSEEN);
    }

    @Test
    void anEmptyObjectIsTheUnseenEntry() throws IOException {
        assertThat(Json.mapper().readValue("{}", LedgerEntry.class)).isEqualTo(LedgerEntry.UNSEEN);
    }

    @Test
    void unknownFieldsAreIgnored() throws IOException {
        LedgerEntry entry = Json.mapper().readValue("{\"settled\":[\"1\"],\"later\":{\"a\":1}}", LedgerEntry.class);

        assertThat(entry).isEqualTo(new LedgerEntry(0, null, null, null, null, List.of("1"), null, null, null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "7",
                "{}",
                "{'fingerprint':'sha256:9f86d081884c7d65','usableFrom':'2026-11-23T12:00:00Z'}",
                "{'fingerprint':'live_key','usableFrom':'2026-11-23T12:00:00Z','previousKeyExpiresAt':'2026-11-23T12:00:00Z'}",
                "{'fingerprint':'sha256:9f86d081884c7d65','previousFingerprint':'','usableFrom':'2026-11-23T12:00:00Z',"
                        + "'previousKeyExpiresAt':'2026-11-23T12:00:00Z'}",
                "{'fingerprint':'sha256:9f86d081884c7d65','usableFrom':'noon','previousKeyExpiresAt':'2026-11-23T12:00:00Z'}"
            })
    void aLastKeyThatIsUnreadableIsNone(String lastKey) throws IOException {
        assertThat(read("lastKey", lastKey)).isEqualTo(failed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'three'",
                "{}",
                "{'inARow':0,'requestId':'1','failedAt':'2026-11-23T12:00:00Z'}",
                "{'inARow':-1,'requestId':'1','failedAt':'2026-11-23T12:00:00Z'}",
                "{'inARow':9999999999,'requestId':'1','failedAt':'2026-11-23T12:00:00Z'}",
                "{'inARow':1,'requestId':'\\u001b[31m','failedAt':'2026-11-23T12:00:00Z'}",
                "{'inARow':1,'requestId':'','failedAt':'2026-11-23T12:00:00Z'}",
                "{'inARow':1,'requestId':'1'}"
            })
    void failuresInARowThatAreUnreadableAreNone(String failures) throws IOException {
        assertThat(read("failures", failures)).isEqualTo(failed());
    }

    /** Reads the entry {@link #failed()} with another field, in single quotes. */
    private static LedgerEntry read(String field, String json) throws IOException {
        return Json.mapper()
                .readValue(
                        "{\"revision\":3,\"%s\":%s,\"settled\":[\"1\"]}".formatted(field, json.replace('\'', '"')),
                        LedgerEntry.class);
    }

    private static LedgerEntry failed() {
        return new LedgerEntry(3, null, null, null, null, List.of("1"), null, null, null, null);
    }

    @Test
    void theCountOfFailuresInARowEndsAtItsHighestValue() {
        FailureStreak highest = new FailureStreak(Integer.MAX_VALUE, "1", NOON);

        assertThat(FailureStreak.next(highest, "2", NOON)).isEqualTo(new FailureStreak(Integer.MAX_VALUE, "2", NOON));
    }

    @Test
    @Tag("I2")
    void instancesOfOlderVersionsLetTheFirstOfTwoEntriesWin() throws IOException {
        String json = Json.mapper().writeValueAsString(LedgerEntry.UNSEEN);

        assertThat(Json.mapper().readTree(json).get("generation").asInt()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void anEntryOfAnOlderVersionIsRead() throws IOException {
        String json =
                """
                {"revision": 3, "generation": 7, "unfinished": {"requestId": "2", "idempotencyKey": "0b5c-idempotency",
                 "startedAt": "2026-11-23T12:00:00Z", "previousKeyFingerprint": "sha256:60303ae22b998861",
                 "takenOverFrom": "1", "takenOverAt": "2026-11-24T12:00:00Z"}}
                """;

        LedgerEntry entry = Json.mapper().readValue(json, LedgerEntry.class);

        assertThat(entry.revision()).isEqualTo(3);
        assertThat(entry.unfinished())
                .isEqualTo(new UnfinishedRotation(
                        "2", "0b5c-idempotency", NOON, "sha256:60303ae22b998861", "1", null, null, null, false));
        assertThat(entry.lastKey()).isNull();
        assertThat(entry.failures()).isNull();
    }

    @Test
    @Tag("I6")
    void theIdempotencyKeyIsInTheJsonAndNotPrinted() throws IOException {
        LedgerEntry entry = LedgerEntry.UNSEEN.started(startedAt(NOON));

        assertThat(entry.toString()).contains("requestId=1").doesNotContain("0b5c-idempotency");
        assertThat(String.valueOf(entry.unfinished())).doesNotContain("0b5c-idempotency");
        assertThat(Json.mapper().writeValueAsString(entry)).contains("0b5c-idempotency");
    }

    /** Returns an entry after this many failures, one each second after noon. */
    private static LedgerEntry settled(int requests) {
        return IntStream.rangeClosed(1, requests)
                .mapToObj(number -> failure(String.valueOf(number), NOON.plusSeconds(number)))
                .reduce(LedgerEntry.UNSEEN, LedgerEntry::failed, (some, others) -> others);
    }

    private static LedgerEntry rotated(String requestId, Instant at) {
        return LedgerEntry.UNSEEN.rotated(startedBy(requestId, at), KEY);
    }

    private static RequestSatisfied satisfied(String requestId, Instant requestedAt) {
        return new RequestSatisfied(requestId, "AcmeCorp", "S2-1", NOON, null, NOON, null, null, requestedAt);
    }

    private static UnfinishedRotation startedAt(Instant at) {
        return startedBy("1", at);
    }

    private static UnfinishedRotation startedBy(String requestId, Instant at) {
        return UnfinishedRotation.started(request(requestId), "0b5c-idempotency", at, "sha256:60303ae22b998861");
    }

    private static RotationRequest request(String requestId) {
        return new RotationRequest(requestId, "AcmeCorp", "S2-1", "suspected leak", "alice", NOON, true);
    }

    private static RotationFailed failure() {
        return failure("1");
    }

    static RotationFailed failure(String requestId) {
        return failure(requestId, NOON);
    }

    private static RotationFailed failure(String requestId, Instant requestedAt) {
        return new RotationFailed(
                requestId,
                "AcmeCorp",
                "S2-1",
                FailureCode.REJECTED,
                "no",
                false,
                1,
                NOON,
                "suspected leak",
                "alice",
                requestedAt,
                true,
                null,
                new RequestSource("rotation.requests", 3, 4),
                null);
    }
}
