package org.keyrotation.app.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.app.faults.Histories.NOON;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;

/** What the judge takes for a violation, and what it lets pass. */
class JudgeTest {

    @Test
    void aRequestThatEndedInItsKeyIsFine() {
        assertThat(violations(rotatedOnce())).isEmpty();
    }

    @Test
    void anEventThatACrashMadeAppearTwiceIsFine() {
        assertThat(violations(rotatedOnce().told("a", "K1", 1))).isEmpty();
        assertThat(violations(new Histories()
                        .askedInVain("x", FailureCode.GAVE_UP)
                        .failed("x", FailureCode.GAVE_UP)
                        .failed("x", FailureCode.GAVE_UP)))
                .isEmpty();
    }

    @Test
    void aRequestIsSatisfiedByAKeyThatWasGeneratedAtOrAfterIt() {
        assertThat(violations(rotatedOnce().asked("earlier", 1).asked("at once", 2)))
                .isEmpty();
    }

    @Test
    @DisplayName("I1: a request without any outcome is lost")
    void aRequestWithoutAnyOutcomeIsLost() {
        assertThat(violations(new Histories().asked("a", 0))).containsExactly("I1: request a is lost");
        assertThat(violations(rotatedOnce().asked("later", 3))).containsExactly("I1: request later is lost");
    }

    @Test
    @DisplayName("I1: a key that was generated but never told satisfies nobody")
    void aKeyThatWasGeneratedButNeverToldSatisfiesNobody() {
        assertThat(violations(new Histories().asked("a", 0).generated("K1", 2))).contains("I1: request a is lost");
    }

    @Test
    @DisplayName("I1: a key and a failure are one outcome too many")
    void aKeyAndAFailureAreOneOutcomeTooMany() {
        assertThat(violations(rotatedOnce().failed("a", FailureCode.GAVE_UP)))
                .containsExactly("I1: request a ended in a key and in [GAVE_UP]");
    }

    @Test
    @DisplayName("I1: failures of two codes are one outcome too many")
    void failuresOfTwoCodesAreOneOutcomeTooMany() {
        assertThat(violations(new Histories()
                        .askedInVain("x", FailureCode.GAVE_UP)
                        .failed("x", FailureCode.GAVE_UP)
                        .failed("x", FailureCode.REJECTED)))
                .containsExactly("I1: request x failed with [REJECTED, GAVE_UP], planned was [GAVE_UP]");
    }

    @Test
    @DisplayName("I1: only what was planned to fail may and must")
    void onlyWhatWasPlannedToFailMayAndMust() {
        assertThat(violations(new Histories().asked("a", 0).failed("a", FailureCode.GAVE_UP)))
                .containsExactly("I1: request a failed with [GAVE_UP], planned was []");
        assertThat(violations(new Histories().askedInVain("x", FailureCode.MALFORMED_REQUEST)))
                .containsExactly("I1: request x is lost");
        assertThat(violations(new Histories()
                        .askedInVain("a", FailureCode.FORBIDDEN)
                        .asked("b", 0)
                        .generated("K1", 2)
                        .told("a", "K1", 1)))
                .containsExactly("I1: request a did not fail, planned was FORBIDDEN");
    }

    @Test
    @DisplayName("I1: an event of a request that nobody made is a stranger")
    void anEventOfARequestThatNobodyMadeIsAStranger() {
        assertThat(violations(rotatedOnce().failed("z", FailureCode.REJECTED)))
                .containsExactly("I1: an event tells of request z, which nobody made");
    }

    @Test
    @DisplayName("I1: an event is known by its ce_id")
    void anEventIsKnownByItsCeId() {
        ClientKeyRotated event = Histories.event("a", "K1", NOON, NOON.plusSeconds(300), NOON.plusSeconds(60));
        assertThat(violations(new Histories().asked("a", 0).generated("K1", 2).told("other", event)))
                .containsExactly("I1: the event of request a has the ce_id other");
    }

    @Test
    @DisplayName("I2: a request that rotated twice")
    void aRequestThatRotatedTwice() {
        assertThat(violations(rotatedOnce().generated("K2", 4).told("a", "K2", 4)))
                .containsExactly("I2: request a rotated 2 times");
    }

    @Test
    @DisplayName("I2: a rotation that was never told")
    void aRotationThatWasNeverTold() {
        assertThat(violations(new Histories()
                        .asked("a", 0)
                        .generated("K0", 1)
                        .generated("K1", 2)
                        .told("a", "K1", 1)))
                .singleElement()
                .satisfies(what -> assertThat(what)
                        .startsWith("I2: the rotation of Acme/S2-1 to sha256:")
                        .endsWith("was never told; asked for by [a]"));
    }

    @Test
    @DisplayName("I2: a rotation that was told as that of two requests")
    void aRotationThatWasToldAsThatOfTwoRequests() {
        assertThat(violations(rotatedOnce().asked("b", 0).told("b", "K1", 1)))
                .singleElement()
                .satisfies(what -> assertThat(what).endsWith("was told as that of [a, b]"));
    }

    @Test
    @DisplayName("I2: a rotation that nobody asked for")
    void aRotationThatNobodyAskedFor() {
        assertThat(violations(
                        new Histories().of(new CredentialId("Acme", "S2-9")).generated("K1", 1)))
                .singleElement()
                .satisfies(what -> assertThat(what)
                        .startsWith("I2: the rotation of Acme/S2-9")
                        .endsWith("by nobody"));
    }

    @Test
    @DisplayName("I2: a key that was never generated")
    void aKeyThatWasNeverGenerated() {
        assertThat(Judge.judge(new Histories().asked("a", 0).told("a", "K1", 1).written("K1"))
                        .violations())
                .singleElement()
                .satisfies(what ->
                        assertThat(what.toString()).startsWith("I2:").endsWith("was told, but never generated"));
    }

    @Test
    @DisplayName("I3: the last key told is not the API's")
    void theLastKeyToldIsNotTheApis() {
        assertThat(violations(rotatedOnce()
                        .asked("b", 3)
                        .generated("K2", 4)
                        .told("b", "K2", 3)
                        .told("a", "K1", 1)))
                .containsExactly("I3: the last key told of Acme/S2-1 is not the API's");
    }

    @Test
    @DisplayName("I4: times on the unsafe side")
    void timesOnTheUnsafeSide() {
        ClientKeyRotated event = Histories.event(
                "a",
                "K1",
                NOON,
                NOON.plusSeconds(181),
                NOON.plus(Duration.ofHours(24)).plusSeconds(3));
        assertThat(violations(new Histories().asked("a", 0).generated("K1", 2).told("a", event)))
                .containsExactly(
                        "I4: the key of request a is told to work too early",
                        "I4: the key before that of request a is told to work too long");
    }

    @Test
    @DisplayName("I5: offsets that are not committed once all is done")
    void offsetsThatAreNotCommittedOnceAllIsDone() {
        assertThat(violations(rotatedOnce().uncommitted("requests", 0).uncommitted("retry.1", 2)))
                .containsExactly("I5: 2 records of retry.1 uncommitted");
    }

    @Test
    @DisplayName("I6: a secret where none must be")
    void aSecretWhereNoneMustBe() {
        assertThat(violations(rotatedOnce().leaked("ledger-0-7"))).containsExactly("I6: a secret in ledger-0-7");
    }

    @Test
    void itCounts() {
        Verdict verdict = Judge.judge(rotatedOnce()
                .told("a", "K1", 1)
                .asked("satisfied", 1)
                .asked("lost", 9)
                .askedInVain("x", FailureCode.MALFORMED_REQUEST)
                .failed("x", FailureCode.MALFORMED_REQUEST)
                .written());
        assertThat(verdict.figures())
                .containsEntry("requests", 4L)
                .containsEntry("rotations", 1L)
                .containsEntry("key events", 2L)
                .containsEntry("  MALFORMED_REQUEST", 1L)
                .containsEntry("satisfied", 1L)
                .containsEntry("lost", 1L)
                .containsEntry("double", 0L);
        assertThat(verdict.byInvariant()).containsEntry("I1", 1L).hasSize(1);
    }

    private static Histories rotatedOnce() {
        return new Histories().asked("a", 0).generated("K1", 2).told("a", "K1", 1);
    }

    private static List<String> violations(Histories history) {
        return Judge.judge(history.written()).violations().stream()
                .map(Violation::toString)
                .toList();
    }
}
