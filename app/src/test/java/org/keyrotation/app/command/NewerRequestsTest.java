package org.keyrotation.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.intake.OpenRequest;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;

class NewerRequestsTest {

    private static final CredentialId CREDENTIAL = new CredentialId("AcmeCorp", "S2-1");
    private static final CredentialId OTHER = new CredentialId("AcmeCorp", "S2-2");
    private static final Instant NOW = Instant.parse("2026-11-23T07:00:00Z");

    @Test
    void anotherOpenRequestOfTheCredentialIsNewer() {
        assertThat(isRequestedAgain(LedgerEntry.UNSEEN, open(CREDENTIAL, "other")))
                .isTrue();
        assertThat(isRequestedAgain(LedgerEntry.UNSEEN, open(OTHER, "other"), open(null, "unreadable")))
                .isFalse();
    }

    /** While an earlier record of its partition is in flight. */
    @Test
    void aRequestThatHasEndedAndIsNotCommittedIsNotNewer() {
        LedgerEntry settled = LedgerEntry.UNSEEN.satisfied(satisfied("other"));

        assertThat(isRequestedAgain(LedgerEntry.UNSEEN, open(CREDENTIAL, "failed")))
                .isFalse();
        assertThat(isRequestedAgain(settled, open(CREDENTIAL, "other"))).isFalse();
    }

    @Test
    void anUnfinishedRotationIsNewerUnlessItsRequestHasEnded() {
        LedgerEntry unfinished = LedgerEntry.UNSEEN.started(rotation("other"));

        assertThat(isRequestedAgain(unfinished)).isTrue();
        assertThat(isRequestedAgain(unfinished.satisfied(satisfied("other")))).isFalse();
        assertThat(isRequestedAgain(LedgerEntry.UNSEEN.started(rotation("failed"))))
                .isFalse();
    }

    private static boolean isRequestedAgain(LedgerEntry entry, OpenRequest... open) {
        return new NewerRequests(Map.of(CREDENTIAL, entry), List.of(open)).hasAnyAfter(CREDENTIAL, "failed");
    }

    private static OpenRequest open(@Nullable CredentialId credential, String requestId) {
        RotationRequest request = credential == null ? null : request(credential, requestId);
        return new OpenRequest(new RequestSource("requests", 0, 1), request, 0, null, NOW);
    }

    private static RotationRequest request(CredentialId credential, String requestId) {
        return RotationRequest.of(credential).completed(requestId, NOW);
    }

    private static UnfinishedRotation rotation(String requestId) {
        return UnfinishedRotation.started(request(CREDENTIAL, requestId), "an-idempotency-key", NOW, null);
    }

    private static RequestSatisfied satisfied(String requestId) {
        return new RequestSatisfied(requestId, "AcmeCorp", "S2-1", NOW, null, NOW, null, null, NOW);
    }
}
