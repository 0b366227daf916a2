package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.api.ApiResult;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.LedgerConflictException;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.LedgerReplica;
import org.keyrotation.routes.retry.RetryMetadata;

/**
 * A model of one credential, its API and its ledger, and of four instances that rotate it at the same time: two of one consumer
 * group, one of another group, and one that calls the direct endpoint. Any instance may begin any request at any time, as
 * after a rebalance. All runs on one thread: each action decides which instance goes on, and how far.
 */
final class RotationWorld {

    static final int INSTANCES = 4;

    /** The longest duration of a call. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    /** The lease as without a rate limit. */
    static final LeaseTerm LEASE = new LeaseTerm(CALL_TIMEOUT, CALL_TIMEOUT);

    private static final CredentialId CREDENTIAL = new CredentialId("AcmeCorp", "S2-1");
    private static final Instant START = Instant.parse("2026-11-23T07:00:00Z");
    private static final Duration RETRY_DELAY = Duration.ofMinutes(10);
    private static final int MAX_DRAIN_ROUNDS = 100;
    private static final int MAX_STEPS = 1_000;

    final SimulatedApi api;
    final ObservedOutcomes outcomes = new ObservedOutcomes();

    private final RotateSettings settings;
    private final LeaseTerm term;
    private final LedgerLog log;
    private final List<Duration> clockErrors;
    private final List<Instance> instances = new ArrayList<>();
    private final List<RotationRequest> requests = new ArrayList<>();
    private final Map<String, RetryMetadata> retryMetadata = new HashMap<>();
    private final Set<RotationRequest> open = new LinkedHashSet<>();

    /** Requests whose flow has not ended them: their record comes back, to any instance. */
    private final Set<RotationRequest> toBeginAgain = new LinkedHashSet<>();

    private final List<Call> calls = new ArrayList<>();
    private Action.Api behaviour = Action.Api.WORKS;
    private Instant truth = START;
    private int started;

    /** @param clockErrors one for each instance */
    RotationWorld(
            RotateSettings settings,
            LeaseTerm term,
            boolean isConditional,
            SimulatedApi api,
            List<Duration> clockErrors) {
        this.settings = settings;
        this.term = term;
        this.log = new LedgerLog(CREDENTIAL, isConditional);
        this.api = api;
        this.clockErrors = clockErrors;
        for (int i = 0; i < INSTANCES; i++) {
            instances.add(new Instance(i));
        }
    }

    /** A call that was sent to the API, and is not executed yet. */
    private record Call(Rotation rotation, Instant deadline, CompletableFuture<ApiResult> response) {}

    void apply(WorldAction action) {
        if (action instanceof WorldAction.Send send) {
            send(send);
        } else if (action instanceof WorldAction.Begin begin && !requests.isEmpty()) {
            instances.get(begin.instance()).begin(requests.get(begin.request() % requests.size()));
        } else if (action instanceof WorldAction.Step step) {
            for (int i = 0; i < step.steps(); i++) {
                instances.get(step.instance()).step(step.api());
            }
        } else if (action instanceof WorldAction.RunTo run) {
            instances.get(run.instance()).runTo(run.target(), run.api());
        } else if (action instanceof WorldAction.Read read) {
            instances.get(read.instance()).readNext();
        } else if (action instanceof WorldAction.Deliver deliver
                && !log.inFlight().isEmpty()) {
            log.deliver(log.inFlight().get(deliver.index() % log.inFlight().size()));
        } else if (action instanceof WorldAction.SendAgain again) {
            instances.get(again.instance()).sendAgain();
        } else if (action instanceof WorldAction.Crash crash) {
            instances.get(crash.instance()).crash();
            instances.set(crash.instance(), new Instance(crash.instance()));
        } else if (action instanceof WorldAction.Compact) {
            log.compact(instances.stream()
                    .mapToLong(instance -> instance.position)
                    .min()
                    .orElseThrow());
        } else if (action instanceof WorldAction.Execute execute && !calls.isEmpty()) {
            execute(calls.get(execute.index() % calls.size()), Action.Api.WORKS);
        } else if (action instanceof WorldAction.Advance advance) {
            advance(advance.time());
        }
    }

    /** Lets all instances run on, with an API that works, until each request has its outcome. */
    void drain() {
        for (int round = 0; round < MAX_DRAIN_ROUNDS; round++) {
            for (Instance instance : instances) {
                instance.finish();
            }
            readAll();
            open.addAll(toBeginAgain);
            toBeginAgain.clear();
            if (open.isEmpty()) {
                return;
            }
            for (RotationRequest request : List.copyOf(open)) {
                Instance instance = instances.get(round % INSTANCES);
                instance.begin(request);
                instance.finish();
            }
            advance(RETRY_DELAY);
        }
        throw new AssertionError("a request is deferred for ever");
    }

    List<RotationRequest> sent() {
        return requests;
    }

    /** Returns the ledger entry of each instance, and those of two that read the log from its beginning. */
    List<LedgerEntry> entries() {
        return Stream.concat(
                        instances.stream().map(instance -> instance.replica),
                        Stream.of(
                                log.readFromBeginning(new LedgerReplica(CREDENTIAL)),
                                log.readFromBeginning(new LedgerReplica(CREDENTIAL).parsingAtOnce())))
                .map(LedgerReplica::entry)
                .toList();
    }

    /** Returns the ledger entry of an instance that starts after the log is compacted. */
    LedgerEntry entryAfterCompaction() {
        log.compact(log.endOffset());
        return log.readFromBeginning(new LedgerReplica(CREDENTIAL)).entry();
    }

    /** Delivers and reads all records, and the repairs that follow. */
    private void readAll() {
        for (int round = 0; round < MAX_DRAIN_ROUNDS; round++) {
            while (!log.inFlight().isEmpty()) {
                log.deliver(log.inFlight().get(0));
            }
            instances.forEach(Instance::readToEnd);
            if (log.inFlight().isEmpty()) {
                return;
            }
        }
        throw new AssertionError("repairs do not end");
    }

    private void send(WorldAction.Send send) {
        RotationRequest request = new RotationRequest(
                        "request-" + requests.size(),
                        "AcmeCorp",
                        "S2-1",
                        "reason-" + requests.size(),
                        null,
                        truth.minus(send.age()),
                        send.force())
                .completed("unnamed", truth);
        requests.add(request);
        open.add(request);
        retryMetadata.put(id(request), RetryMetadata.first(null, truth));
    }

    private void advance(Duration time) {
        Instant until = truth.plus(time);
        for (Call call : List.copyOf(calls)) {
            if (!call.deadline.isAfter(until)) {
                truth = truth.isAfter(call.deadline) ? truth : call.deadline;
                execute(call, Action.Api.WORKS);
            }
        }
        truth = until;
    }

    private void execute(Call call, Action.Api as) {
        if (calls.remove(call)) {
            api.behave(as, Integer.MAX_VALUE);
            call.response.complete(api.generate(call.rotation, truth));
        }
    }

    private static String id(RotationRequest request) {
        return requireNonNull(request.requestId());
    }

    private Instant nextMoment() {
        truth = truth.plusMillis(1);
        return truth;
    }

    private long nanoTime() {
        return Duration.between(START, truth).toNanos();
    }

    /** A process, until it crashes. It runs one flow at a time, as the mutex of the credential ensures. */
    private final class Instance implements LedgerAccess, RotationFlow.Effects {

        private final LedgerReplica replica;
        private final PartitionOwnership ownership;
        private final RotationFlow steps;
        private long position;
        private @Nullable RotationRequest request;
        private @Nullable CompletableFuture<Rotation> flow;
        private @Nullable CompletableFuture<Void> paused;
        private Action.Step lastStep = Action.Step.BEGIN;
        private @Nullable PendingRecord pending;

        Instance(int index) {
            ownership = index == INSTANCES - 1 ? PartitionOwnership.UNFENCED : () -> true;
            LedgerReplica empty = new LedgerReplica(CREDENTIAL);
            replica = index % 2 == 0 ? empty : empty.parsingAtOnce();
            Clock clock = new RotationModel.ModelClock(() -> nextMoment().plus(clockErrors.get(index)));
            LedgerUpdates updates = new LedgerUpdates(
                    new Leases(this, term, "instance-" + started++, clock, RotationWorld.this::nanoTime));
            steps = new RotationFlow(settings, updates, clock, this);
            readToEnd();
        }

        void begin(RotationRequest next) {
            if (flow == null) {
                readToEnd();
                request = next;
                flow = steps.run(Rotation.of(next, requireNonNull(retryMetadata.get(id(next))), ownership));
            }
        }

        /** Does the next thing that the flow waits for. */
        void step(Action.Api as) {
            behaviour = as;
            if (pending != null && !pending.isDelivered()) {
                log.deliver(pending.messages.get(0));
            } else if (pending != null) {
                readToEnd();
            } else if (paused != null) {
                CompletableFuture<Void> waiting = paused;
                paused = null;
                waiting.complete(null);
            }
            endFlow();
        }

        void finish() {
            runTo(Action.Step.NONE, Action.Api.WORKS);
        }

        /** Goes on until this step is made, or the flow ends. */
        void runTo(Action.Step target, Action.Api as) {
            for (int steps = 0; flow != null; steps++) {
                if (steps > MAX_STEPS) {
                    throw new AssertionError("a flow does not end");
                }
                step(as);
                if (paused != null && lastStep == target) {
                    return;
                }
            }
        }

        private void endFlow() {
            if (flow != null && flow.isDone()) {
                if (hasEnded(flow)) {
                    open.remove(request);
                } else {
                    toBeginAgain.add(requireNonNull(request));
                }
                flow = null;
            }
        }

        private static boolean hasEnded(CompletableFuture<Rotation> done) {
            try {
                return !(done.join().outcome() instanceof RotationOutcome.Deferred);
            } catch (CompletionException e) {
                if (e.getCause() instanceof LedgerConflictException
                        || e.getCause() instanceof UndecidedRequestException
                        || e.getCause() instanceof IllegalStateException) {
                    return false;
                }
                throw e;
            }
        }

        void crash() {
            if (flow != null) {
                toBeginAgain.add(requireNonNull(request));
            }
        }

        void readNext() {
            position = log.readNext(replica, position);
            afterReading();
        }

        void readToEnd() {
            while (position < log.endOffset()) {
                position = log.readNext(replica, position);
            }
            afterReading();
        }

        private void afterReading() {
            replica.repair().ifPresent(log::send);
            if (pending != null && pending.isRead(position)) {
                PendingRecord read = pending;
                pending = null;
                read.complete(log.isConditional());
                endFlow();
            }
        }

        void sendAgain() {
            if (pending != null) {
                pending.messages.add(log.send(pending.write.json()));
            }
        }

        @Override
        public LedgerEntry entry(CredentialId credential) {
            return replica.entry();
        }

        @Override
        public CompletableFuture<LedgerEntry> compareAndSet(
                CredentialId credential, LedgerEntry expected, LedgerEntry update, PartitionOwnership held) {
            if (log.isConditional() && !replica.entry().equals(expected)) {
                return CompletableFuture.failedFuture(new LedgerConflictException(credential));
            }
            pending = new PendingRecord(replica.expect(update));
            sendAgain();
            return pending.written;
        }

        @Override
        public CompletableFuture<Void> after(Action.Step step) {
            lastStep = step;
            paused = new CompletableFuture<>();
            return paused;
        }

        @Override
        public void startAttempt() {
            // the API behaves anew in each step
        }

        @Override
        public ApiResult read() {
            api.behave(behaviour, Integer.MAX_VALUE);
            return api.read();
        }

        /** Sends the call. It is executed with the next step of this instance, or without it. */
        @Override
        public CompletableFuture<ApiResult> generate(Rotation rotation) {
            Call call = new Call(rotation, truth.plus(CALL_TIMEOUT), new CompletableFuture<>());
            calls.add(call);
            return after(Action.Step.CALL).thenCompose(answered -> {
                execute(call, behaviour);
                return call.response;
            });
        }

        /** Publishes as {@code PublishRoutes} does: it confirms the ownership just before, and again as long as it is held. */
        @Override
        public CompletableFuture<Void> publish(Rotation rotation) {
            PartitionOwnership held = rotation.ownership();
            return held.confirmHeld("publishing")
                    .thenRun(() -> observe(rotation))
                    .exceptionallyCompose(failure -> held.isHeld()
                            ? after(Action.Step.PUBLISH).thenCompose(goesOn -> publish(rotation))
                            : CompletableFuture.failedFuture(failure));
        }

        private void observe(Rotation rotation) {
            RotationOutcome outcome = requireNonNull(rotation.outcome());
            if (outcome instanceof RotationOutcome.Deferred) {
                retryMetadata.put(rotation.requestId(), rotation.retryMetadata());
            } else {
                outcomes.publish(outcome);
            }
        }
    }

    /** A write that its instance has not read yet. It has several records if it was sent again. */
    private static final class PendingRecord {

        private final LedgerReplica.Write write;
        private final List<LedgerLog.Message> messages = new ArrayList<>();
        private final CompletableFuture<LedgerEntry> written = new CompletableFuture<>();

        PendingRecord(LedgerReplica.Write write) {
            this.write = write;
        }

        boolean isDelivered() {
            return messages.stream().anyMatch(LedgerLog.Message::isDelivered);
        }

        boolean isRead(long position) {
            return messages.stream().anyMatch(message -> message.isDelivered() && message.offset() < position);
        }

        void complete(boolean isConditional) {
            write.forget();
            if (write.isWon() || !isConditional) {
                written.complete(write.entry());
            } else {
                written.completeExceptionally(new LedgerConflictException(CREDENTIAL));
            }
        }
    }
}
