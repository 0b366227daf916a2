package org.keyrotation.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;

/** The state of a request that has no event on the topics that are read. */
class OutcomeWaitTest {

    private static final CredentialId CREDENTIAL = new CredentialId("AcmeCorp", "S2-1");
    private static final Instant REQUESTED_AT = Instant.parse("2026-11-23T07:00:00Z");

    @Test
    void aRequestThatTheLedgerHasAsFailedIsNotRotated() {
        LedgerEntry rotatedEarlier = rotated(LedgerEntry.UNSEEN, "earlier", -60);

        assertThat(state(LedgerEntry.UNSEEN.failed(failure("mine")))).isEqualTo(RequestState.FAILED);
        assertThat(state(rotatedEarlier.failed(failure("mine")))).isEqualTo(RequestState.FAILED);
        assertThat(state(rotatedEarlier.failed(failure("mine")).failed(failure("other"))))
                .isEqualTo(RequestState.FAILED);
        assertThat(state(rotated(LedgerEntry.UNSEEN, "other", 1).failed(failure("mine"))))
                .isEqualTo(RequestState.FAILED);
    }

    @Test
    void aFailureThatIsBeingPublishedIsOpen() {
        assertThat(state(LedgerEntry.UNSEEN.failing(failure("mine")))).isEqualTo(RequestState.OPEN);
    }

    /** The rotation then seems to have started before the request. */
    @Test
    void aKeyOfAServiceWhoseClockIsBehindIsRotated() {
        assertThat(state(rotated(LedgerEntry.UNSEEN, "mine", -5))).isEqualTo(RequestState.ROTATED);
        assertThat(state(rotated(LedgerEntry.UNSEEN, "mine", -5).failed(failure("other"))))
                .isEqualTo(RequestState.ROTATED);
        assertThat(state(rotated(LedgerEntry.UNSEEN.failed(failure("other")), "mine", 5)))
                .isEqualTo(RequestState.ROTATED);
    }

    @Test
    void aRequestThatIsNotSettledIsOpenOrSatisfied() {
        assertThat(state(rotated(LedgerEntry.UNSEEN, "other", -5))).isEqualTo(RequestState.OPEN);
        assertThat(state(rotated(LedgerEntry.UNSEEN, "other", 5))).isEqualTo(RequestState.SATISFIED);
    }

    private static RequestState state(LedgerEntry entry) {
        return OutcomeWait.state(entry, "mine", REQUESTED_AT, REQUESTED_AT.plusSeconds(10));
    }

    private static LedgerEntry rotated(LedgerEntry entry, String requestId, int second) {
        Instant at = REQUESTED_AT.plusSeconds(second);
        RotationRequest request = RotationRequest.of(CREDENTIAL).completed(requestId, REQUESTED_AT);
        return entry.rotated(
                UnfinishedRotation.started(request, "an-idempotency-key", at, null),
                new LastKey("sha256:9f86d081884c7d65", null, at, at, null, null));
    }

    private static RotationFailed failure(String requestId) {
        return new RotationFailed(
                requestId,
                CREDENTIAL.companyId(),
                CREDENTIAL.apiCredentialId(),
                FailureCode.FORBIDDEN,
                "a detail",
                false,
                0,
                REQUESTED_AT.plusSeconds(6),
                null,
                null,
                REQUESTED_AT,
                false,
                null,
                null,
                null);
    }
}
