package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ApiResult;
import org.keyrotation.routes.kafka.OwnershipLostException;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;
import org.keyrotation.routes.retry.RetryMetadata;

/** The lease of a started rotation, if its holder is paused at the worst moment. */
class RotationLeaseTest {

    private static final Instant START = Instant.parse("2026-11-23T07:00:00Z");
    private static final Duration PAUSE = Duration.ofMinutes(2);
    private static final LeaseTerm TERM = new LeaseTerm(Duration.ofSeconds(20), Duration.ofSeconds(20));

    private final InMemoryLedger log = new InMemoryLedger();
    private long nanos;
    private int clockReads;
    private int pauseAfterClockRead;
    private boolean isPartitionHeld = true;
    private boolean isTakenOverAfterNextLook;

    @Test
    @Tag("I2")
    void pauseAfterTheClockWasReadIsPartOfTheLease() {
        pauseAfterClockRead = 2; // the first one is the start of the rotation, the second one that of the lease

        Rotation started = start(log);

        assertThat(leaseUntil()).isBefore(now());
        assertThat(started.isGenerationAllowed()).isFalse();
    }

    @Test
    @Tag("I2")
    void renewalDoesNotTakeTheRotationFromItsNewHolder() {
        Rotation started = startedAndTakenOverAfterTheNextLook();

        CompletableFuture<Void> confirmed = started.ownership().confirmHeld("publishing");

        assertThat(confirmed).isCompletedExceptionally();
        assertThat(requireNonNull(log.entry().unfinished()).holder()).isEqualTo("other-instance");
    }

    @Test
    void callThatHasWaitedForItsPermitRenewsTheLease() {
        Rotation started = start(log);
        nanos += PAUSE.toNanos();
        assertThat(started.isGenerationAllowed()).isFalse();

        started.renewBeforeGeneration().join();

        assertThat(started.isGenerationAllowed()).isTrue();
        assertThat(leaseUntil()).isEqualTo(now().plus(TERM.total()));
    }

    @Test
    void leaseIsRenewedOnceHalfOfItsTimeForACallIsOver() {
        Rotation started = start(log);
        Instant first = leaseUntil();
        nanos += TERM.callWindow().dividedBy(2).toNanos();

        started.renewBeforeGeneration().join();
        assertThat(leaseUntil()).isEqualTo(first);
        nanos++;
        started.renewBeforeGeneration().join();

        assertThat(leaseUntil()).isAfter(first);
    }

    @Test
    @Tag("I2")
    void callThatHasWaitedForItsPermitIsFencedAfterATakeOver() {
        Rotation started = startedAndTakenOverAfterTheNextLook();

        assertThat(started.renewBeforeGeneration()).isDone();

        assertThat(started.isGenerationAllowed()).isFalse();
        assertThat(requireNonNull(log.entry().unfinished()).holder()).isEqualTo("other-instance");
    }

    @Test
    @Tag("I1")
    void endingIsRecordedAfterARenewal() {
        Rotation deferred = callAfterARenewal().deferred(RetryMetadata.first(null, START));

        updates(log).recordEnding(deferred).join();

        assertThat(log.entry().unfinished()).isNull();
    }

    @Test
    @Tag("I1")
    void quickRetryIsRecordedAfterARenewal() {
        Rotation called = callAfterARenewal();
        String first = requireNonNull(log.entry().unfinished()).idempotencyKey();

        Rotation restarted = updates(log).recordStarted(called).join();

        assertThat(restarted.isGenerationAllowed()).isTrue();
        assertThat(requireNonNull(log.entry().unfinished()).idempotencyKey())
                .isEqualTo(restarted.idempotencyKey())
                .isNotEqualTo(first);
    }

    /** The call was certainly not executed, which ends the started rotation. */
    private Rotation callAfterARenewal() {
        Rotation started = start(log);
        nanos += PAUSE.toNanos();
        started.renewBeforeGeneration().join();
        return started.withCallResult(new ApiResult.RateLimited("planted", null, PAUSE, true, false));
    }

    /** Whoever retries until the ownership is lost would otherwise retry the renewal, which the ledger refuses, for ever. */
    @Test
    @Tag("I1")
    void leaseOfALostPartitionIsNotRenewed() {
        Rotation started = start(log);
        nanos += PAUSE.toNanos();
        isPartitionHeld = false;

        CompletableFuture<Void> confirmed = started.ownership().confirmHeld("publishing");

        assertThatThrownBy(confirmed::join).hasCauseInstanceOf(OwnershipLostException.class);
    }

    private Rotation startedAndTakenOverAfterTheNextLook() {
        Rotation started = start(new LedgerWithTakeOver());
        nanos += PAUSE.toNanos();
        isTakenOverAfterNextLook = true;
        return started;
    }

    private Rotation start(LedgerAccess ledger) {
        RotationRequest request =
                new RotationRequest("mine", "AcmeCorp", "S2-1", null, null, START, false).completed("unnamed", START);
        Rotation rotation = Rotation.of(request, RetryMetadata.first(null, START), () -> isPartitionHeld);
        return updates(ledger).recordStarted(rotation.attemptStarted(START)).join();
    }

    private LedgerUpdates updates(LedgerAccess ledger) {
        return new LedgerUpdates(leases(ledger, "this-instance"));
    }

    private Instant leaseUntil() {
        return requireNonNull(requireNonNull(log.entry().unfinished()).leaseUntil());
    }

    private Leases leases(LedgerAccess ledger, String holder) {
        return new Leases(ledger, TERM, holder, new RotationModel.ModelClock(this::readClock), () -> nanos);
    }

    private Instant readClock() {
        Instant read = now();
        clockReads++;
        if (clockReads == pauseAfterClockRead) {
            nanos += PAUSE.toNanos();
        }
        return read;
    }

    private Instant now() {
        return START.plusNanos(nanos);
    }

    /** Another thread reads the record of another instance between two looks at the entry. */
    private final class LedgerWithTakeOver implements LedgerAccess {

        @Override
        public LedgerEntry entry(CredentialId credential) {
            LedgerEntry current = log.entry();
            if (isTakenOverAfterNextLook) {
                isTakenOverAfterNextLook = false;
                UnfinishedRotation taken = leases(log, "other-instance").lease(requireNonNull(current.unfinished()));
                log.compareAndSet(credential, current, current.started(taken), () -> true)
                        .join();
            }
            return current;
        }

        @Override
        public CompletableFuture<LedgerEntry> compareAndSet(
                CredentialId credential, LedgerEntry expected, LedgerEntry update, PartitionOwnership ownership) {
            return log.compareAndSet(credential, expected, update, ownership);
        }
    }
}
