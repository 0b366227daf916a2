package org.keyrotation.routes.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.Json;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RotationFailed;

/** The transitions of a ledger entry, and its JSON. */
class LedgerEntryTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void anUnseenEntryIsEmpty() {
        assertThat(LedgerEntry.UNSEEN).isEqualTo(new LedgerEntry(0, null, null, null, null, null));
    }

    @Test
    void eachWriteIsTheNextRevision() {
        LedgerEntry entry =
                LedgerEntry.UNSEEN.failed("1").nextRevision().failed("2").nextRevision();

        assertThat(entry).isEqualTo(new LedgerEntry(2, null, null, null, List.of(), List.of("1", "2")));
    }

    @Test
    void aStartedRotationIsUnfinished() {
        LedgerEntry entry = LedgerEntry.UNSEEN.started(startedAt(NOON));

        assertThat(entry).isEqualTo(new LedgerEntry(0, NOON, null, startedAt(NOON), null, List.of()));
    }

    @Test
    void aRotationIsFinishedAndItsRequestSettled() {
        LedgerEntry entry = LedgerEntry.UNSEEN.started(startedAt(NOON)).rotated("1", NOON);

        assertThat(entry).isEqualTo(new LedgerEntry(0, NOON, NOON, null, null, List.of("1")));
    }

    @Test
    void aClearedRotationSettlesNoRequest() {
        LedgerEntry entry = LedgerEntry.UNSEEN.started(startedAt(NOON)).cleared();

        assertThat(entry).isEqualTo(new LedgerEntry(0, NOON, null, null, null, List.of()));
    }

    @Test
    void aPendingFailureSettlesNoRequest() {
        LedgerEntry entry = LedgerEntry.UNSEEN.failing(failure());

        assertThat(entry).isEqualTo(new LedgerEntry(0, NOON, null, null, List.of(failure()), List.of()));
    }

    @Test
    void aFailedRequestIsSettledAndLeavesTheRotationUnfinished() {
        LedgerEntry entry =
                LedgerEntry.UNSEEN.started(startedAt(NOON)).failing(failure()).failed("1");

        assertThat(entry).isEqualTo(new LedgerEntry(0, NOON, null, startedAt(NOON), null, List.of("1")));
    }

    @Test
    @Tag("I1")
    void otherRequestsKeepAPendingFailure() {
        LedgerEntry entry = LedgerEntry.UNSEEN
                .failing(failure())
                .failing(failure("2"))
                .failed("2")
                .started(startedBy("3", NOON))
                .cleared()
                .started(startedBy("3", NOON))
                .rotated("3", NOON);

        assertThat(entry.pendingFailures()).containsExactly(failure());
        assertThat(entry.failed("1").pendingFailures()).isEmpty();
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

        assertThat(entry.takenOver(startedAt(NOON), "2").requestId()).isEqualTo("1");
    }

    @Test
    @Tag("I1")
    void theKeyOfARotationWhoseRequestHasFailedIsPublishedForTheNext() {
        LedgerEntry failing = LedgerEntry.UNSEEN.started(startedAt(NOON)).failing(failure());

        assertThat(failing.takenOver(startedAt(NOON), "2").requestId()).isEqualTo("2");
        assertThat(failing.failed("1").takenOver(startedAt(NOON), "2").requestId())
                .isEqualTo("2");
    }

    @Test
    @Tag("I2")
    void aRotationThatAnOlderVersionTookOverSettlesBothRequests() {
        UnfinishedRotation takenOver =
                new UnfinishedRotation("2", "0b5c-idempotency", NOON, "sha256:60303ae22b998861", "1", null, null);

        assertThat(LedgerEntry.UNSEEN.started(takenOver).rotated("2", NOON).settled())
                .containsExactly("1", "2");
    }

    @Test
    void theLastRotationNeverMovesBack() {
        LedgerEntry entry = LedgerEntry.UNSEEN.rotated("1", NOON).rotated("2", NOON.minusSeconds(1));

        assertThat(entry.lastRotationAt()).isEqualTo(NOON);
    }

    @Test
    void aLaterRotationIsTheLast() {
        LedgerEntry entry = LedgerEntry.UNSEEN.rotated("1", NOON).rotated("2", NOON.plusNanos(1));

        assertThat(entry.lastRotationAt()).isEqualTo(NOON.plusNanos(1));
    }

    @Test
    void theTimeOfTheFirstEntryIsKept() {
        LedgerEntry entry = LedgerEntry.UNSEEN
                .started(startedAt(NOON))
                .rotated("1", NOON.plusSeconds(1))
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
        LedgerEntry entry = settled(16).rotated("1", NOON).failed("17");

        assertThat(entry.isSettled("1")).isTrue();
        assertThat(entry.isSettled("2")).isFalse();
        assertThat(entry.settled()).hasSize(16).doesNotHaveDuplicates();
    }

    @Test
    void jsonRoundTrip() throws IOException {
        LedgerEntry entry = settled(16)
                .rotated("17", NOON)
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

        assertThat(entry).isEqualTo(new LedgerEntry(0, null, null, null, null, List.of("1")));
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

        assertThat(Json.mapper().readValue(json, LedgerEntry.class))
                .isEqualTo(new LedgerEntry(
                        3,
                        null,
                        null,
                        new UnfinishedRotation(
                                "2", "0b5c-idempotency", NOON, "sha256:60303ae22b998861", "1", null, null),
                        null,
                        null));
    }

    @Test
    @Tag("I6")
    void theIdempotencyKeyIsInTheJsonAndNotPrinted() throws IOException {
        LedgerEntry entry = LedgerEntry.UNSEEN.started(startedAt(NOON));

        assertThat(entry.toString()).contains("requestId=1").doesNotContain("0b5c-idempotency");
        assertThat(String.valueOf(entry.unfinished())).doesNotContain("0b5c-idempotency");
        assertThat(Json.mapper().writeValueAsString(entry)).contains("0b5c-idempotency");
    }

    private static LedgerEntry settled(int requests) {
        return IntStream.rangeClosed(1, requests)
                .mapToObj(Integer::toString)
                .reduce(LedgerEntry.UNSEEN, LedgerEntry::failed, (some, others) -> others);
    }

    private static UnfinishedRotation startedAt(Instant at) {
        return startedBy("1", at);
    }

    private static UnfinishedRotation startedBy(String requestId, Instant at) {
        return new UnfinishedRotation(requestId, "0b5c-idempotency", at, "sha256:60303ae22b998861", null, null, null);
    }

    private static RotationFailed failure() {
        return failure("1");
    }

    private static RotationFailed failure(String requestId) {
        return new RotationFailed(
                requestId,
                "AcmeCorp",
                "S2-1",
                FailureCode.REJECTED,
                "no",
                false,
                1,
                NOON,
                null,
                new RequestSource("rotation.requests", 3, 4),
                null);
    }
}
