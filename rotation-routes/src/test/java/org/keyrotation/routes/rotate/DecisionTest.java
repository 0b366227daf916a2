package org.keyrotation.routes.rotate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;

/** The rule by which a request is rotated, resumed, deferred, refused, or satisfied already: one table, and its edges. */
class DecisionTest {

    private static final Instant NOW = Instant.parse("2026-11-23T07:00:00Z");
    private static final Duration MIN_INTERVAL = Duration.ofHours(24);
    private static final Duration GIVE_UP_AFTER = Duration.ofHours(12);
    private static final Duration TICK = Duration.ofNanos(1);
    private static final String INSTANCE = "this-instance";
    private static final LastKey KEY = new LastKey("sha256:9f86d081884c7d65", null, NOW, NOW, null, null);

    @Test
    void settledRequestEndsInNoOtherEvent() {
        LedgerEntry entry = LedgerEntry.UNSEEN.failed(failure("mine"));

        assertThat(decide(entry, requestedAt(NOW))).isEqualTo(new Decision.Settled(null));
    }

    @Test
    void requestBeforeTheLastRotationIsSatisfied() {
        Instant last = ago(Duration.ofHours(1));

        assertThat(decide(rotatedAt(last), requestedAt(last.minus(TICK)))).isEqualTo(new Decision.Satisfied(last));
    }

    @Test
    void ownRotationOfAnOlderVersionIsResumed() {
        UnfinishedRotation own = startedBy("mine", ago(Duration.ofMinutes(1)));

        assertThat(decide(LedgerEntry.UNSEEN.started(own), requestedAt(NOW))).isEqualTo(new Decision.Resume(own));
    }

    @Test
    void requestBehindAnotherUnfinishedRotationIsDeferred() {
        UnfinishedRotation other = startedBy("other", ago(Duration.ofMinutes(1)));

        assertThat(decide(LedgerEntry.UNSEEN.started(other), requestedAt(NOW))).isEqualTo(new Decision.Defer(other));
    }

    @Test
    void abandonedRotationOfAnOlderVersionIsTakenOver() {
        UnfinishedRotation other = startedBy("other", ago(GIVE_UP_AFTER.plusHours(1)));

        assertThat(decide(LedgerEntry.UNSEEN.started(other), requestedAt(NOW))).isEqualTo(new Decision.Resume(other));
    }

    @Test
    @Tag("I2")
    void leasedRotationIsLeftToItsHolder() {
        UnfinishedRotation other = startedBy("other", NOW).leasedTo("another-instance", NOW);
        UnfinishedRotation own = startedBy("mine", NOW).leasedTo("another-instance", NOW);

        assertThat(decide(LedgerEntry.UNSEEN.started(other), requestedAt(NOW))).isEqualTo(new Decision.Defer(other));
        assertThat(decide(LedgerEntry.UNSEEN.started(own), requestedAt(NOW))).isEqualTo(new Decision.Defer(own));
    }

    @Test
    void rotationWhoseLeaseIsOverIsTakenOver() {
        UnfinishedRotation other = startedBy("other", NOW).leasedTo("another-instance", NOW.minus(TICK));

        assertThat(decide(LedgerEntry.UNSEEN.started(other), requestedAt(NOW))).isEqualTo(new Decision.Resume(other));
    }

    @Test
    void holderResumesTheSameRequestAtOnce() {
        UnfinishedRotation own = startedBy("mine", NOW).leasedTo(INSTANCE, NOW.plusSeconds(30));
        UnfinishedRotation other = startedBy("other", NOW).leasedTo(INSTANCE, NOW.plusSeconds(30));

        assertThat(decide(LedgerEntry.UNSEEN.started(own), requestedAt(NOW))).isEqualTo(new Decision.Resume(own));
        assertThat(decide(LedgerEntry.UNSEEN.started(other), requestedAt(NOW))).isEqualTo(new Decision.Defer(other));
    }

    @Test
    void leaseInTheFarFutureIsOver() {
        Instant never = Instant.parse("2999-01-01T00:00:00Z");
        UnfinishedRotation other = startedBy("other", NOW).leasedTo("another-instance", never);

        assertThat(decide(LedgerEntry.UNSEEN.started(other), requestedAt(NOW))).isEqualTo(new Decision.Resume(other));
    }

    @Test
    void requestSoonAfterTheLastRotationIsRefused() {
        Instant last = ago(Duration.ofHours(1));

        assertThat(decide(rotatedAt(last), requestedAt(NOW))).isEqualTo(new Decision.RotatedRecently(last));
    }

    @Test
    void forcedRequestSoonAfterTheLastRotationIsRotated() {
        assertThat(decide(rotatedAt(ago(Duration.ofHours(1))), forcedAt(NOW))).isEqualTo(new Decision.Rotate());
    }

    @Test
    void requestLongAfterTheLastRotationIsRotated() {
        assertThat(decide(rotatedAt(ago(MIN_INTERVAL.plusHours(1))), requestedAt(NOW)))
                .isEqualTo(new Decision.Rotate());
    }

    @Test
    void unknownCredentialIsRotated() {
        assertThat(decide(LedgerEntry.UNSEEN, requestedAt(NOW))).isEqualTo(new Decision.Rotate());
    }

    @Test
    void requestThatIsOldOnArrivalIsRotated() {
        assertThat(decide(LedgerEntry.UNSEEN, requestedAt(ago(Duration.ofDays(400)))))
                .isEqualTo(new Decision.Rotate());
    }

    @Test
    void requestAtTheInstantOfTheLastRotationIsSatisfied() {
        assertThat(decide(rotatedAt(NOW), requestedAt(NOW))).isEqualTo(new Decision.Satisfied(NOW));
    }

    @Test
    void requestATickAfterTheLastRotationIsNotSatisfied() {
        assertThat(decide(rotatedAt(NOW), requestedAt(NOW.plus(TICK)))).isEqualTo(new Decision.RotatedRecently(NOW));
    }

    @Test
    void forcedRequestCanBeSatisfied() {
        assertThat(decide(rotatedAt(NOW), forcedAt(NOW))).isEqualTo(new Decision.Satisfied(NOW));
    }

    @Test
    void rotationOfAClockThatWasAheadIsNoProofOfANewerKey() {
        Instant tomorrow = NOW.plus(Duration.ofDays(1));

        assertThat(decide(rotatedAt(tomorrow), forcedAt(NOW))).isEqualTo(new Decision.Rotate());
        assertThat(decide(rotatedAt(tomorrow), requestedAt(NOW))).isEqualTo(new Decision.RotatedRecently(tomorrow));
    }

    @Test
    @Tag("I2")
    void rotationAfterAClockWasSetBackSatisfiesTheNextRequests() {
        LedgerEntry rotatedAgain = rotatedAt(NOW.plus(Duration.ofDays(1))).rotated(startedBy("r-2", NOW), KEY);

        assertThat(decide(rotatedAgain, forcedAt(NOW))).isEqualTo(new Decision.Satisfied(NOW));
    }

    @Test
    void rotationSomeMinutesAheadIsThatOfAnotherInstance() {
        Instant ahead = NOW.plus(Duration.ofMinutes(50));

        assertThat(decide(rotatedAt(ahead), forcedAt(NOW))).isEqualTo(new Decision.Satisfied(ahead));
    }

    @Test
    void rotationOfAnOlderVersionStartedTomorrowIsTakenOver() {
        UnfinishedRotation other = startedBy("other", NOW.plus(Duration.ofDays(1)));

        assertThat(decide(LedgerEntry.UNSEEN.started(other), requestedAt(NOW))).isEqualTo(new Decision.Resume(other));
    }

    @Test
    void forcedRequestWaitsForAnotherUnfinishedRotation() {
        UnfinishedRotation other = startedBy("other", NOW);

        assertThat(decide(LedgerEntry.UNSEEN.started(other), forcedAt(NOW))).isEqualTo(new Decision.Defer(other));
    }

    @Test
    void rotationAsOldAsMinIntervalIsOldEnough() {
        assertThat(decide(rotatedAt(ago(MIN_INTERVAL)), requestedAt(NOW))).isEqualTo(new Decision.Rotate());
    }

    @Test
    void rotationATickYoungerThanMinIntervalIsTooYoung() {
        Instant last = ago(MIN_INTERVAL).plus(TICK);

        assertThat(decide(rotatedAt(last), requestedAt(NOW))).isEqualTo(new Decision.RotatedRecently(last));
    }

    @Test
    void withoutMinIntervalNothingIsTooYoung() {
        assertThat(decide(rotatedAt(NOW), requestedAt(NOW.plus(TICK)), Duration.ZERO))
                .isEqualTo(new Decision.Rotate());
    }

    @Test
    void withoutMinIntervalALaterRotationStillSatisfies() {
        assertThat(decide(rotatedAt(NOW), requestedAt(NOW), Duration.ZERO)).isEqualTo(new Decision.Satisfied(NOW));
    }

    @Test
    void rotationOfAnOlderVersionIsAbandonedExactlyAtGiveUpAfter() {
        UnfinishedRotation other = startedBy("other", ago(GIVE_UP_AFTER));

        assertThat(decide(LedgerEntry.UNSEEN.started(other), requestedAt(NOW))).isEqualTo(new Decision.Resume(other));
    }

    @Test
    void rotationOfAnOlderVersionIsNotAbandonedATickBeforeGiveUpAfter() {
        UnfinishedRotation other = startedBy("other", ago(GIVE_UP_AFTER).plus(TICK));

        assertThat(decide(LedgerEntry.UNSEEN.started(other), requestedAt(NOW))).isEqualTo(new Decision.Defer(other));
    }

    @Test
    void ownRotationIsResumedWhateverItsAge() {
        UnfinishedRotation own = startedBy("mine", ago(GIVE_UP_AFTER.multipliedBy(100)));

        assertThat(decide(LedgerEntry.UNSEEN.started(own), requestedAt(NOW))).isEqualTo(new Decision.Resume(own));
    }

    @Test
    void ownRotationIsResumedHoweverYoungTheLastOneIs() {
        UnfinishedRotation own = startedBy("mine", NOW);
        LedgerEntry entry = rotatedAt(ago(Duration.ofHours(1))).started(own);

        assertThat(decide(entry, requestedAt(NOW))).isEqualTo(new Decision.Resume(own));
    }

    @Test
    void unfinishedRotationDoesNotPreventSatisfaction() {
        Instant last = ago(Duration.ofHours(1));
        LedgerEntry entry = rotatedAt(last).started(startedBy("other", NOW));

        assertThat(decide(entry, requestedAt(last))).isEqualTo(new Decision.Satisfied(last));
    }

    @Test
    @Tag("I1")
    void settledRequestEndsInNoOtherEventWhateverElseIsKnown() {
        Instant last = ago(Duration.ofDays(30));
        LedgerEntry entry = rotatedAt(last)
                .failed(failure("mine"))
                .started(startedBy("mine", ago(GIVE_UP_AFTER)))
                .failing(failure("mine"));

        assertThat(decide(entry, forcedAt(NOW))).isEqualTo(new Decision.Settled(last));
    }

    @Test
    @Tag("I1")
    void ownUnfinishedRotationPreventsSatisfaction() {
        UnfinishedRotation own = startedBy("mine", NOW);
        LedgerEntry entry = rotatedAt(NOW).started(own);

        assertThat(decide(entry, requestedAt(NOW))).isEqualTo(new Decision.Resume(own));
    }

    @Test
    @Tag("I1")
    void pendingFailureIsPublishedFirst() {
        RotationFailed failure = failure("mine");
        LedgerEntry entry = LedgerEntry.UNSEEN
                .started(startedBy("mine", ago(GIVE_UP_AFTER)))
                .failing(failure);

        assertThat(decide(entry, forcedAt(NOW))).isEqualTo(new Decision.Fail(failure));
    }

    @Test
    @Tag("I1")
    void pendingFailureIsPublishedThoughALaterRotationSatisfies() {
        RotationFailed failure = failure("mine");
        LedgerEntry entry = LedgerEntry.UNSEEN.failing(failure).rotated(startedBy("other", NOW), KEY);

        assertThat(decide(entry, requestedAt(NOW))).isEqualTo(new Decision.Fail(failure));
    }

    @Test
    void pendingFailureOfAnotherRequestIsIgnored() {
        LedgerEntry entry = LedgerEntry.UNSEEN.failing(failure("other"));

        assertThat(decide(entry, requestedAt(NOW))).isEqualTo(new Decision.Rotate());
    }

    private static Decision decide(LedgerEntry entry, RotationRequest request) {
        return decide(entry, request, MIN_INTERVAL);
    }

    private static Decision decide(LedgerEntry entry, RotationRequest request, Duration minInterval) {
        RotateSettings settings =
                new RotateSettings(Duration.ofMinutes(5), Duration.ofHours(24), minInterval, true, GIVE_UP_AFTER);
        return Decision.of(entry, request, NOW, settings, INSTANCE);
    }

    private static LedgerEntry rotatedAt(Instant last) {
        return LedgerEntry.UNSEEN.rotated(startedBy("earlier", last), KEY);
    }

    private static UnfinishedRotation startedBy(String requestId, Instant startedAt) {
        return new UnfinishedRotation(
                requestId, "idempotency-key", startedAt, "sha256:60303ae22b998861", null, null, null, null, false);
    }

    private static RotationFailed failure(String requestId) {
        return new RotationFailed(
                requestId,
                "AcmeCorp",
                "S2-1",
                FailureCode.FORBIDDEN,
                "no",
                false,
                1,
                ago(Duration.ofHours(1)),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static RotationRequest requestedAt(Instant at) {
        return new RotationRequest("mine", "AcmeCorp", "S2-1", null, null, at, false);
    }

    private static RotationRequest forcedAt(Instant at) {
        return new RotationRequest("mine", "AcmeCorp", "S2-1", null, null, at, true);
    }

    private static Instant ago(Duration age) {
        return NOW.minus(age);
    }
}
