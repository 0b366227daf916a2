package org.keyrotation.app.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.app.faults.HistoryBuilder.NOON;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;

/** The judge's violations, and the histories that it accepts. */
class JudgeTest {

    @Test
    void requestWithItsKeyIsAccepted() {
        assertThat(violations(rotatedOnce())).isEmpty();
    }

    @Test
    void keyThatWasRotatedByHandIsPublishedOrReported() {
        assertThat(violations(rotatedOnce().generatedByHand("K2", 9).published("drift-1", "K2", 9)))
                .isEmpty();
        assertThat(violations(rotatedOnce().generatedByHand("K2", 9).reportedDrift("K2")))
                .isEmpty();
        assertThat(violations(rotatedOnce().generatedByHand("K2", 9)))
                .singleElement()
                .asString()
                .contains("I3");
    }

    @Test
    void keyOfTheServiceThatIsTakenForOneRotatedByHandIsAViolation() {
        assertThat(violations(rotatedOnce().published("drift-1", "K1", 9)))
                .anySatisfy(violation -> assertThat(violation.toString()).contains("was not rotated by hand"));
        assertThat(violations(rotatedOnce().reportedDrift("K1")))
                .singleElement()
                .asString()
                .contains("was not rotated by hand");
    }

    @Test
    void duplicateEventIsAccepted() {
        assertThat(violations(rotatedOnce().published("a", "K1", 1))).isEmpty();
        assertThat(violations(new HistoryBuilder()
                        .sentFailing("x", FailureCode.GAVE_UP)
                        .failed("x", FailureCode.GAVE_UP)
                        .failed("x", FailureCode.GAVE_UP)))
                .isEmpty();
    }

    @Test
    void keyGeneratedAtOrAfterARequestSatisfiesIt() {
        assertThat(violations(rotatedOnce()
                        .sent("earlier", 1)
                        .satisfied("earlier")
                        .sent("at once", 2)
                        .satisfied("at once")
                        .satisfied("at once")))
                .isEmpty();
    }

    @Test
    void satisfiedRequestWithoutAnEventIsAViolation() {
        assertThat(violations(rotatedOnce().sent("b", 1))).containsExactly("I1: request b ended without an event");
    }

    @Test
    void olderVersionMayEndASatisfiedRequestWithoutAnEvent() {
        assertThat(violations(rotatedOnce().sent("b", 1).maybeSilent("b"))).isEmpty();
        assertThat(violations(rotatedOnce().sent("b", 3).maybeSilent("b"))).containsExactly("I1: request b is lost");
    }

    @Test
    void requestIsNotSatisfiedWithoutANewerKey() {
        assertThat(violations(rotatedOnce().sent("b", 3).satisfied("b")))
                .containsExactly("I1: request b is satisfied without a newer key");
    }

    @Test
    void requestWithoutAnOutcomeIsLost() {
        assertThat(violations(new HistoryBuilder().sent("a", 0))).containsExactly("I1: request a is lost");
        assertThat(violations(rotatedOnce().sent("later", 3))).containsExactly("I1: request later is lost");
    }

    @Test
    void unpublishedKeySatisfiesNoRequest() {
        assertThat(violations(new HistoryBuilder().sent("a", 0).generated("K1", 2)))
                .contains("I1: request a is lost");
    }

    @Test
    void eventsOfTwoKindsAreTwoOutcomes() {
        assertThat(violations(rotatedOnce().failed("a", FailureCode.GAVE_UP)))
                .containsExactly("I1: request a ended in a key and in [GAVE_UP]");
        assertThat(violations(rotatedOnce().satisfied("a")))
                .containsExactly("I1: request a ended in a key and in satisfied");
        assertThat(violations(rotatedOnce()
                        .sentFailing("x", FailureCode.GAVE_UP)
                        .failed("x", FailureCode.GAVE_UP)
                        .satisfied("x")))
                .containsExactly("I1: request x ended in [GAVE_UP] and in satisfied");
    }

    @Test
    void failuresWithTwoCodesAreTwoOutcomes() {
        assertThat(violations(new HistoryBuilder()
                        .sentFailing("x", FailureCode.GAVE_UP)
                        .failed("x", FailureCode.GAVE_UP)
                        .failed("x", FailureCode.REJECTED)))
                .containsExactly("I1: request x failed with [REJECTED, GAVE_UP], expected [GAVE_UP]");
    }

    @Test
    void exactlyTheExpectedFailuresOccur() {
        assertThat(violations(new HistoryBuilder().sent("a", 0).failed("a", FailureCode.GAVE_UP)))
                .containsExactly("I1: request a failed with [GAVE_UP], expected []");
        assertThat(violations(new HistoryBuilder().sentFailing("x", FailureCode.MALFORMED_REQUEST)))
                .containsExactly("I1: request x is lost");
        assertThat(violations(new HistoryBuilder()
                        .sentFailing("a", FailureCode.FORBIDDEN)
                        .sent("b", 0)
                        .satisfied("b")
                        .generated("K1", 2)
                        .published("a", "K1", 1)))
                .containsExactly("I1: request a did not fail, expected FORBIDDEN");
    }

    @Test
    void eventOfAnUnknownRequestIsAViolation() {
        assertThat(violations(rotatedOnce().failed("z", FailureCode.REJECTED).satisfied("z")))
                .containsExactly("I1: an event of request z, which was not sent");
    }

    @Test
    void eventWithAnotherCeIdIsAViolation() {
        ClientKeyRotated event = HistoryBuilder.event("a", "K1", NOON, NOON.plusSeconds(300), NOON.plusSeconds(60));
        assertThat(violations(
                        new HistoryBuilder().sent("a", 0).generated("K1", 2).published("other", event)))
                .containsExactly("I1: the event of request a has the ce_id other");
    }

    @Test
    void requestThatRotatedTwiceIsAViolation() {
        assertThat(violations(rotatedOnce().generated("K2", 4).published("a", "K2", 4)))
                .containsExactly("I2: request a rotated 2 times");
    }

    @Test
    void unpublishedRotationIsAViolation() {
        assertThat(violations(new HistoryBuilder()
                        .sent("a", 0)
                        .generated("K0", 1)
                        .generated("K1", 2)
                        .published("a", "K1", 1)))
                .singleElement()
                .satisfies(violation -> assertThat(violation)
                        .startsWith("I2: the rotation of Acme/S2-1 to sha256:")
                        .endsWith("was not published, requested by [a]"));
    }

    @Test
    void rotationPublishedForTwoRequestsIsAViolation() {
        assertThat(violations(rotatedOnce().sent("b", 0).published("b", "K1", 1)))
                .singleElement()
                .satisfies(violation -> assertThat(violation).endsWith("was published for [a, b]"));
    }

    @Test
    void unrequestedRotationIsAViolation() {
        assertThat(violations(new HistoryBuilder()
                        .of(new CredentialId("Acme", "S2-9"))
                        .generated("K1", 1)))
                .singleElement()
                .satisfies(violation -> assertThat(violation)
                        .startsWith("I2: the rotation of Acme/S2-9")
                        .endsWith("was not requested"));
    }

    @Test
    void ungeneratedKeyIsAViolation() {
        assertThat(Judge.judge(new HistoryBuilder()
                                .sent("a", 0)
                                .published("a", "K1", 1)
                                .build("K1"))
                        .violations())
                .singleElement()
                .satisfies(violation ->
                        assertThat(violation.toString()).startsWith("I2:").endsWith("was published but not generated"));
    }

    @Test
    void lastPublishedKeyOtherThanTheApisIsAViolation() {
        assertThat(violations(rotatedOnce()
                        .sent("b", 3)
                        .generated("K2", 4)
                        .published("b", "K2", 3)
                        .published("a", "K1", 1)))
                .containsExactly("I3: the last published key of Acme/S2-1 is not the API's");
    }

    @Test
    void timesOnTheUnsafeSideAreViolations() {
        ClientKeyRotated event = HistoryBuilder.event(
                "a",
                "K1",
                NOON,
                NOON.plusSeconds(181),
                NOON.plus(Duration.ofHours(24)).plusSeconds(3));
        assertThat(violations(
                        new HistoryBuilder().sent("a", 0).generated("K1", 2).published("a", event)))
                .containsExactly(
                        "I4: usableFrom of request a is too early",
                        "I4: previousKeyExpiresAt of request a is too late");
    }

    @Test
    void uncommittedOffsetsAreViolations() {
        assertThat(violations(rotatedOnce().uncommitted("requests", 0).uncommitted("retry.1", 2)))
                .containsExactly("I5: 2 records of retry.1 uncommitted");
    }

    @Test
    void secretOutsideOfTheKeysTopicIsAViolation() {
        assertThat(violations(rotatedOnce().leaked("ledger-0-7"))).containsExactly("I6: a secret in ledger-0-7");
    }

    @Test
    void figuresAreCounted() {
        Verdict verdict = Judge.judge(rotatedOnce()
                .published("a", "K1", 1)
                .sent("satisfied", 1)
                .satisfied("satisfied")
                .sent("lost", 9)
                .sentFailing("x", FailureCode.MALFORMED_REQUEST)
                .failed("x", FailureCode.MALFORMED_REQUEST)
                .build());
        assertThat(verdict.figures())
                .containsEntry("requests", 4L)
                .containsEntry("rotations", 1L)
                .containsEntry("key events", 2L)
                .containsEntry("  MALFORMED_REQUEST", 1L)
                .containsEntry("satisfied events", 1L)
                .containsEntry("satisfied", 1L)
                .containsEntry("silent", 0L)
                .containsEntry("lost", 1L)
                .containsEntry("double", 0L);
        assertThat(verdict.byInvariant()).containsEntry("I1", 1L).hasSize(1);
    }

    private static HistoryBuilder rotatedOnce() {
        return new HistoryBuilder().sent("a", 0).generated("K1", 2).published("a", "K1", 1);
    }

    private static List<String> violations(HistoryBuilder history) {
        return Judge.judge(history.build()).violations().stream()
                .map(Violation::toString)
                .toList();
    }
}
