package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.api.ApiResult;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.retry.RetryMetadata;

/** A model of one credential: its API, its ledger entry, its requests and retries, and two instances that own it in turn. */
final class RotationModel {

    /** The largest difference between the clocks of the instances. */
    static final Duration MAX_SKEW = Duration.ofSeconds(5);

    private static final LeaseTerm LEASE = new LeaseTerm(Duration.ofSeconds(20), Duration.ofSeconds(20));
    private static final Instant START = Instant.parse("2026-11-23T07:00:00Z");
    private static final Duration RETRY_DELAY = Duration.ofMinutes(10);
    private static final int MAX_DRAIN_ROUNDS = 500;

    final SimulatedApi api;
    final ObservedOutcomes outcomes = new ObservedOutcomes();

    private final InMemoryLedger ledger = new InMemoryLedger();
    private final RotateSettings settings;
    private final Duration[] clockErrors;
    private final Map<Integer, RotationRequest> sent = new HashMap<>();
    private final List<Message> requests = new ArrayList<>();
    private final List<Message> retries = new ArrayList<>();
    private Instant truth = START;
    private int ownerCount = 1;
    private int position;
    private int committed;

    /**
     * @param hasFirstKey whether the credential has a key before its first rotation
     * @param skew of the second instance's clock against the first one's; half of it is the error of each
     */
    RotationModel(RotateSettings settings, boolean idempotent, boolean hasFirstKey, Duration skew) {
        api = new SimulatedApi(idempotent, hasFirstKey);
        clockErrors = new Duration[] {skew.dividedBy(-2), skew.minus(skew.dividedBy(2))};
        this.settings = settings;
    }

    /** A record of the requests topic or the retry topic. */
    private record Message(RotationRequest request, Instant timestamp, RetryMetadata retryMetadata) {}

    private static final class CrashException extends RuntimeException {
        private static final long serialVersionUID = 1;

        CrashException() {
            super(null, null, false, false);
        }
    }

    void apply(Action action) {
        if (action instanceof Action.Send send) {
            send(send);
        } else if (action instanceof Action.Advance advance) {
            truth = truth.plus(advance.time());
        } else if (action instanceof Action.Handle handle) {
            handleNext(handle);
        } else if (action instanceof Action.Commit) {
            committed = position;
        } else if (action instanceof Action.Rebalance) {
            rebalance();
        } else if (action instanceof Action.ResetOffset) {
            resetOffset();
        } else if (action instanceof Action.Return back && !retries.isEmpty()) {
            returnDeferred(back.index() % retries.size(), back.committed());
        }
    }

    /** Processes all requests, with an API that works, until none is left. */
    void drain() {
        for (int round = 0; round < MAX_DRAIN_ROUNDS && !isDrained(); round++) {
            while (position < requests.size()) {
                apply(new Action.Handle(Action.Api.WORKS, 0, Action.Step.NONE));
            }
            committed = position;
            truth = truth.plus(RETRY_DELAY);
            while (!retries.isEmpty()) {
                returnDeferred(0, true);
            }
        }
        if (!isDrained()) {
            throw new AssertionError("a request is deferred for ever");
        }
    }

    void resetOffset() {
        position = 0;
        committed = 0;
    }

    Collection<RotationRequest> sent() {
        return sent.values();
    }

    /** Whether the ledger knows no rotation with an unknown end, as a request that gave up can leave behind. */
    boolean hasNothingUnfinished() {
        return ledger.entry().unfinished() == null;
    }

    private boolean isDrained() {
        return position == requests.size() && retries.isEmpty();
    }

    private void send(Action.Send send) {
        RotationRequest request = sent.computeIfAbsent(
                send.number(),
                number -> new RotationRequest(
                        "request-" + number,
                        "AcmeCorp",
                        "S2-1",
                        "reason-" + number,
                        null,
                        truth.minus(send.age()),
                        send.force()));
        requests.add(new Message(request, truth, RetryMetadata.first(null, truth)));
    }

    private void returnDeferred(int index, boolean isCommitted) {
        requests.add(isCommitted ? retries.remove(index) : retries.get(index));
    }

    private void rebalance() {
        ownerCount++;
        position = committed;
    }

    private void handleNext(Action.Handle handle) {
        if (position < requests.size()) {
            api.behave(handle.api(), handle.faultyAttempts());
            try {
                handle(requests.get(position), handle.crashAfter());
                position++;
            } catch (CrashException e) {
                rebalance();
            } catch (UndecidedRequestException e) {
                handleNext(handle);
            }
        }
    }

    /** Completes the request as the intake does, which tolerates this clock skew. */
    private void handle(Message message, Action.Step crashAfter) {
        RotationRequest request = message.request.completed("unnamed", message.timestamp);
        PartitionOwnership owned = () -> true;
        try {
            Rotation unused = owner(crashAfter)
                    .run(Rotation.of(request, message.retryMetadata, owned))
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** A new partition owner is a new instance: the previous one has crashed, or has lost the partition. */
    private RotationFlow owner(Action.Step crashAfter) {
        Duration clockError = clockErrors[ownerCount % 2];
        Clock clock = new ModelClock(() -> tick().plus(clockError));
        LedgerUpdates updates =
                new LedgerUpdates(new Leases(ledger, LEASE, "instance-" + ownerCount, clock, this::nanoTime));
        return new RotationFlow(settings, updates, clock, new ImmediateEffects(crashAfter));
    }

    /** The effects of the only instance that acts. */
    private final class ImmediateEffects implements RotationFlow.Effects {

        private final Action.Step crashAfter;

        ImmediateEffects(Action.Step crashAfter) {
            this.crashAfter = crashAfter;
        }

        @Override
        public CompletableFuture<Void> after(Action.Step step) {
            if (step == crashAfter) {
                throw new CrashException();
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void startAttempt() {
            api.startAttempt();
        }

        @Override
        public ApiResult read() {
            return api.read();
        }

        @Override
        public CompletableFuture<ApiResult> generate(Rotation rotation) {
            return CompletableFuture.completedFuture(api.generate(rotation, truth));
        }

        @Override
        public CompletableFuture<Void> publish(Rotation rotation) {
            RotationModel.this.publish(rotation);
            return CompletableFuture.completedFuture(null);
        }
    }

    private void publish(Rotation rotation) {
        RotationOutcome outcome = requireNonNull(rotation.outcome());
        if (outcome instanceof RotationOutcome.Deferred) {
            retries.add(new Message(rotation.request(), truth, rotation.retryMetadata()));
        } else {
            outcomes.publish(outcome);
        }
    }

    private long nanoTime() {
        return Duration.between(START, truth).toNanos();
    }

    private Instant tick() {
        truth = truth.plusMillis(1);
        return truth;
    }

    static final class ModelClock extends Clock {
        private final Supplier<Instant> now;

        ModelClock(Supplier<Instant> now) {
            this.now = now;
        }

        @Override
        public Instant instant() {
            return now.get();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
