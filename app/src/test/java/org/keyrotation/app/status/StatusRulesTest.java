package org.keyrotation.app.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.CredentialStatus;
import org.keyrotation.model.CredentialStatus.Failure;
import org.keyrotation.model.CredentialStatus.Open;
import org.keyrotation.model.CredentialStatus.State;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;

class StatusRulesTest {

    private static final CredentialId CREDENTIAL = new CredentialId("AcmeCorp", "S2-1");
    private static final Instant ROTATED = Instant.parse("2026-11-23T07:00:00Z");
    private static final Instant USABLE = ROTATED.plus(Duration.ofMinutes(5));
    private static final Instant EXPIRES = ROTATED.plus(Duration.ofHours(24));
    private static final LastKey KEY =
            new LastKey("sha256:9f86d081884c7d65", "sha256:60303ae22b998861", USABLE, EXPIRES, null, null);
    private static final RotationRequest REQUEST =
            RotationRequest.of(CREDENTIAL).completed("request", ROTATED.minusSeconds(1));
    private static final UnfinishedRotation STARTED =
            UnfinishedRotation.started(REQUEST, "an-idempotency-key", ROTATED, null);
    private static final LedgerEntry ENTRY = LedgerEntry.UNSEEN.rotated(STARTED, KEY);
    private static final RotationFailed FAILURE = new RotationFailed(
            "failed",
            "AcmeCorp",
            "S2-1",
            FailureCode.FORBIDDEN,
            "a detail",
            false,
            1,
            EXPIRES,
            null,
            null,
            EXPIRES,
            false,
            null,
            null,
            null);
    private static final Open OPEN = new Open("open", EXPIRES.plusSeconds(1), 2, "an error");

    @Test
    void theKeyIsActivatingThenOverlapsThenIsFresh() {
        assertState(ROTATED, State.ACTIVATING, ROTATED);
        assertState(USABLE.minusNanos(1), State.ACTIVATING, ROTATED);
        assertState(USABLE, State.OVERLAP, USABLE);
        assertState(EXPIRES.minusNanos(1), State.OVERLAP, USABLE);
        assertState(EXPIRES, State.FRESH, EXPIRES);
    }

    @Test
    void aDueKeyIsOverdueAfterADay() {
        Instant dueAt = EXPIRES.plus(Duration.ofDays(90));
        Instant overdueAt = dueAt.plus(Duration.ofDays(1));

        assertState(status(ENTRY, null, dueAt, dueAt.minusNanos(1)), State.FRESH, EXPIRES);
        assertState(status(ENTRY, null, dueAt, dueAt), State.DUE, dueAt);
        assertState(status(ENTRY, null, dueAt, overdueAt.minusNanos(1)), State.DUE, dueAt);
        assertState(status(ENTRY, null, dueAt, overdueAt), State.OVERDUE, overdueAt);
    }

    @Test
    void aCredentialIsRotatingWhileARotationIsUnfinishedOrARequestIsOpen() {
        LedgerEntry started = ENTRY.started(STARTED);

        assertState(status(started, null, null, EXPIRES), State.ROTATING, ROTATED);
        assertState(status(started, OPEN, null, EXPIRES), State.ROTATING, ROTATED);
        assertState(status(ENTRY, OPEN, null, EXPIRES), State.ROTATING, OPEN.requestedAt());
        assertThat(status(ENTRY, OPEN, null, EXPIRES).open()).isEqualTo(OPEN);
    }

    @Test
    void aFailedCredentialHasItsLastFailureAlsoIfTheEventIsNotRetained() {
        LedgerEntry failed = ENTRY.failed(FAILURE);

        assertState(status(failed, null, null, EXPIRES), State.FAILED, EXPIRES);
        assertThat(new StatusRules(EXPIRES)
                        .status(CREDENTIAL, failed, failed.failures(), null, FAILURE, null, null)
                        .lastFailure())
                .isEqualTo(new Failure("failed", FailureCode.FORBIDDEN, "a detail", EXPIRES, 1));
        assertThat(status(failed, null, null, EXPIRES).lastFailure())
                .isEqualTo(new Failure("failed", null, null, EXPIRES, 1));
        assertThat(status(ENTRY, null, null, EXPIRES).lastFailure()).isNull();
    }

    @Test
    void whatNeedsAHumanFirstIsTheState() {
        LedgerEntry started = ENTRY.started(STARTED);
        Instant dueAt = ROTATED.minus(Duration.ofHours(1));
        Instant overdueAt = ROTATED.minus(Duration.ofHours(24));

        assertThat(status(started.failed(FAILURE), OPEN, overdueAt, ROTATED).state())
                .isEqualTo(State.FAILED);
        assertThat(status(started, OPEN, overdueAt, ROTATED).state()).isEqualTo(State.OVERDUE);
        assertThat(status(started, null, dueAt, ROTATED).state()).isEqualTo(State.ROTATING);
        assertThat(status(ENTRY, null, dueAt, ROTATED).state()).isEqualTo(State.ACTIVATING);
        assertThat(status(ENTRY, null, dueAt, USABLE).state()).isEqualTo(State.OVERLAP);
    }

    @Test
    void aCredentialThatWasNeverRotatedHereIsUnknown() {
        assertState(status(LedgerEntry.UNSEEN, null, null, ROTATED), State.UNKNOWN, null);
        assertState(status(LedgerEntry.firstSeen(ROTATED), null, null, ROTATED), State.UNKNOWN, null);
        assertState(status(LedgerEntry.firstSeen(ROTATED), null, ROTATED, ROTATED), State.DUE, ROTATED);
    }

    @Test
    void anEntryOfAnOlderVersionIsFreshSinceItsRotation() {
        LedgerEntry older = new LedgerEntry(1, ROTATED, ROTATED, null, null, null, null, null, null, null);

        assertState(status(older, null, null, ROTATED.plusSeconds(1)), State.FRESH, ROTATED);
    }

    private static void assertState(Instant now, State state, Instant since) {
        assertState(status(ENTRY, null, null, now), state, since);
    }

    private static void assertState(CredentialStatus status, State state, @Nullable Instant since) {
        assertThat(status.state()).isEqualTo(state);
        assertThat(status.since()).isEqualTo(since);
    }

    private static CredentialStatus status(
            LedgerEntry entry, @Nullable Open open, @Nullable Instant dueAt, Instant now) {
        return new StatusRules(now).status(CREDENTIAL, entry, entry.failures(), open, null, dueAt, null);
    }
}
