package org.keyrotation.app.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.OpenFailure;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;

class OpenFailuresTest {

    private static final CredentialId CREDENTIAL = new CredentialId("AcmeCorp", "S2-1");
    private static final Instant START = Instant.parse("2026-11-23T07:00:00Z");

    @Test
    void ofEachCredentialTheNewestFailureIsShownWithTheNumberInARow() {
        RotationFailed first = failure("first", 1);
        RotationFailed second = failure("second", 2);
        LedgerEntry entry = LedgerEntry.UNSEEN.failed(first).failed(second);

        assertThat(open(List.of(second, first), Map.of(CREDENTIAL, entry)))
                .extracting(OpenFailure::requestId, OpenFailure::code, OpenFailure::inARow)
                .containsExactly(tuple("second", FailureCode.FORBIDDEN, 2));
    }

    @Test
    void aFailureThatAKeyHasFollowedIsNotOpen() {
        RotationFailed failure = failure("failed", 1);
        LedgerEntry rotated = rotated(LedgerEntry.UNSEEN.failed(failure), 2);
        LedgerEntry failedAgain = rotated.failed(failure("again", 3));

        assertThat(open(List.of(failure), Map.of(CREDENTIAL, rotated))).isEmpty();
        assertThat(failures(List.of(failure), Map.of(CREDENTIAL, rotated)).isFollowedByKey(failure))
                .isTrue();
        assertThat(open(List.of(failure, failure("again", 3)), Map.of(CREDENTIAL, failedAgain)))
                .extracting(OpenFailure::requestId, OpenFailure::inARow)
                .containsExactly(tuple("again", 1));
    }

    /** A request may give up while the rotation of another one is unfinished, whose start is earlier. */
    @Test
    void aKeyWhoseRotationStartedBeforeTheFailureFollowsItToo() {
        RotationFailed failure = failure("gave-up", 2);
        LedgerEntry rotated = rotated(LedgerEntry.UNSEEN.failed(failure), 1);

        assertThat(open(List.of(failure), Map.of(CREDENTIAL, rotated))).isEmpty();
    }

    @Test
    void aFailureThatTheLedgerDoesNotHaveIsOpenUntilARotationStartsLater() {
        RotationFailed first = failure("invalid-1", 5);
        RotationFailed second = failure("invalid-2", 6);

        assertThat(open(List.of(first, second), Map.of()))
                .extracting(OpenFailure::requestId, OpenFailure::inARow)
                .containsExactly(tuple("invalid-2", 2));
        assertThat(open(List.of(first), Map.of(CREDENTIAL, rotated(LedgerEntry.UNSEEN, 4))))
                .hasSize(1);
        assertThat(open(List.of(first), Map.of(CREDENTIAL, rotated(LedgerEntry.UNSEEN, 5))))
                .isEmpty();
        assertThat(open(List.of(first), Map.of(CREDENTIAL, LedgerEntry.UNSEEN.failed(failure("settled", 4)))))
                .extracting(OpenFailure::requestId, OpenFailure::inARow)
                .containsExactly(tuple("invalid-1", 2));
    }

    @Test
    void aFailureWhoseEventIsGoneIsShownWithoutItsReason() {
        LedgerEntry entry = LedgerEntry.UNSEEN.failed(failure("gone", 1));

        assertThat(open(List.of(), Map.of(CREDENTIAL, entry)))
                .containsExactly(OpenFailure.withoutEvent(CREDENTIAL, "gone", START.plusSeconds(1), 1));
        assertThat(failures(List.of(), Map.of(CREDENTIAL, entry)).ofRequestWithoutEvent("gone"))
                .containsExactly(OpenFailure.withoutEvent(CREDENTIAL, "gone", START.plusSeconds(1), 1));
        assertThat(failures(List.of(), Map.of(CREDENTIAL, entry)).ofRequestWithoutEvent("other"))
                .isEmpty();
        assertThat(failures(List.of(failure("gone", 1)), Map.of(CREDENTIAL, entry))
                        .ofRequestWithoutEvent("gone"))
                .isEmpty();
    }

    @Test
    void eachUnreadableRequestIsShownOnce() {
        RotationFailed one = unreadable(1);
        RotationFailed other = unreadable(2);

        assertThat(open(List.of(one, other, one), Map.of()))
                .extracting(OpenFailure::source, OpenFailure::inARow)
                .containsExactlyInAnyOrder(tuple(one.source(), 1), tuple(other.source(), 1));
    }

    @Test
    void filtersApplyToTheNewestFailureOnly() {
        RotationFailed forbidden = failure("forbidden", 1);
        RotationFailed gaveUp = failure("gave-up", 2, FailureCode.GAVE_UP);
        OpenFailures failures = failures(
                List.of(forbidden, gaveUp, unreadable(1)),
                Map.of(CREDENTIAL, LedgerEntry.UNSEEN.failed(forbidden).failed(gaveUp)));

        assertThat(failures.matching(null, FailureCode.FORBIDDEN)).isEmpty();
        assertThat(failures.matching(null, FailureCode.GAVE_UP)).hasSize(1);
        assertThat(failures.matching(null, FailureCode.MALFORMED_REQUEST)).hasSize(1);
        assertThat(failures.matching("AcmeCorp", null)).hasSize(1);
        assertThat(failures.matching("OtherCorp", null)).isEmpty();
        assertThat(failures.ofRequest("forbidden")).containsExactly(forbidden);
    }

    @Test
    void failuresBeforeTheTimeDoNotCount() {
        RotationFailed earlier = failure("earlier", -1);

        assertThat(open(List.of(earlier), Map.of(CREDENTIAL, LedgerEntry.UNSEEN.failed(earlier))))
                .isEmpty();
    }

    private static List<OpenFailure> open(List<RotationFailed> events, Map<CredentialId, LedgerEntry> entries) {
        return failures(events, entries).matching(null, null);
    }

    private static OpenFailures failures(List<RotationFailed> events, Map<CredentialId, LedgerEntry> entries) {
        return new OpenFailures(events, entries, START, START.plusSeconds(60));
    }

    private static LedgerEntry rotated(LedgerEntry entry, int second) {
        Instant at = START.plusSeconds(second);
        RotationRequest request = RotationRequest.of(CREDENTIAL).completed("rotated-" + second, at.minusSeconds(1));
        return entry.rotated(
                UnfinishedRotation.started(request, "an-idempotency-key", at, null),
                new LastKey("sha256:9f86d081884c7d65", null, at, at, null, null));
    }

    private static RotationFailed failure(String requestId, int second) {
        return failure(requestId, second, FailureCode.FORBIDDEN);
    }

    private static RotationFailed failure(String requestId, int second, FailureCode code) {
        return failure(requestId, CREDENTIAL, code, second, null);
    }

    private static RotationFailed unreadable(int offset) {
        return failure(null, null, FailureCode.MALFORMED_REQUEST, offset, new RequestSource("requests", 0, offset));
    }

    private static RotationFailed failure(
            @Nullable String requestId,
            @Nullable CredentialId credential,
            FailureCode code,
            int second,
            @Nullable RequestSource source) {
        return new RotationFailed(
                requestId,
                credential == null ? null : credential.companyId(),
                credential == null ? null : credential.apiCredentialId(),
                code,
                "a detail",
                false,
                0,
                START.plusSeconds(second),
                null,
                null,
                START,
                false,
                null,
                source,
                null);
    }
}
