package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;

/**
 * One credential, its API, its ledger entry, its requests and their retries, and two instances that take turns: all that
 * a {@link Decision} depends on, and that depends on it. What {@code LedgerUpdates} and {@code OutcomeMapper} do, without Camel.
 */
final class RotationModel {

    /** Of its instances: the one is this much ahead of the other, at most. */
    static final Duration SKEW = Duration.ofSeconds(5);

    private static final Instant BEGINNING = Instant.parse("2026-11-23T07:00:00Z");
    private static final Duration RETRY_DELAY = Duration.ofMinutes(10);

    final SimulatedApi api;
    final ObservedOutcomes told = new ObservedOutcomes();

    private final RotateSettings settings;
    private final Duration[] clocks;
    private final Map<Integer, RotationRequest> asked = new HashMap<>();
    private final List<Message> requests = new ArrayList<>();
    private final List<Message> retries = new ArrayList<>();
    private LedgerEntry entry = LedgerEntry.UNSEEN;
    private Instant truth = BEGINNING;
    private int instance;
    private int position;
    private int committed;
    private int keys;
    private Action.Step lastStep = Action.Step.DONE;

    /** @param skew of the second instance's clock, half of which is an error of the first */
    RotationModel(RotateSettings settings, boolean idempotent, Duration skew) {
        this.settings = settings;
        this.api = new SimulatedApi(idempotent);
        this.clocks = new Duration[] {skew.dividedBy(-2), skew.minus(skew.dividedBy(2))};
    }

    private record Message(RotationRequest request, Instant timestamp, @Nullable Instant firstAttemptAt) {}

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Killed() {
            super(null, null, false, false);
        }
    }

    void does(Action act) {
        if (act instanceof Action.Ask ask) {
            ask(ask);
        } else if (act instanceof Action.Wait wait) {
            truth = truth.plus(wait.time());
        } else if (act instanceof Action.Handle handle) {
            handleNext(handle);
        } else if (act instanceof Action.Commit) {
            committed = position;
        } else if (act instanceof Action.HandOver) {
            handOver();
        } else if (act instanceof Action.Reset) {
            reset();
        } else if (act instanceof Action.Return back && !retries.isEmpty()) {
            back(back.index() % retries.size(), back.committed());
        }
    }

    /** Everything goes well, until nothing is left to do. */
    void drain() {
        for (int round = 0; round < 500 && !isDrained(); round++) {
            while (position < requests.size()) {
                does(new Action.Handle(Action.Api.WELL, Action.Step.DONE));
            }
            committed = position;
            truth = truth.plus(RETRY_DELAY);
            while (!retries.isEmpty()) {
                back(0, true);
            }
        }
        if (!isDrained()) {
            throw new AssertionError("a request is deferred for ever");
        }
    }

    void reset() {
        position = 0;
        committed = 0;
    }

    List<String> requestIds() {
        return asked.values().stream()
                .map(request -> requireNonNull(request.requestId()))
                .toList();
    }

    /** Not where a request was given up of which nobody knows how its rotation ended. */
    boolean hasNothingUnfinished() {
        return entry.unfinished() == null;
    }

    private boolean isDrained() {
        return position == requests.size() && retries.isEmpty();
    }

    private void ask(Action.Ask ask) {
        RotationRequest request = asked.computeIfAbsent(
                ask.number(),
                number -> new RotationRequest(
                        "request-" + number, "AcmeCorp", "S2-1", null, null, truth.minus(ask.ago()), ask.force()));
        requests.add(new Message(request, truth, null));
    }

    private void back(int index, boolean itIsCommitted) {
        requests.add(itIsCommitted ? retries.remove(index) : retries.get(index));
    }

    private void handOver() {
        instance = 1 - instance;
        position = committed;
    }

    private void handleNext(Action.Handle handle) {
        if (position < requests.size()) {
            lastStep = handle.lastStep();
            api.behaves(handle.api());
            try {
                handle(read(requests.get(position)));
                position++;
            } catch (Killed e) {
                handOver();
            }
        }
    }

    /** As {@code RecordReader} has it; the skew here is one that it tolerates. */
    private static Message read(Message message) {
        return new Message(
                message.request.completed("unnamed", message.timestamp), message.timestamp, message.firstAttemptAt);
    }

    private void handle(Message message) {
        String id = requireNonNull(message.request.requestId());
        Instant now = now();
        Decision decision = Decision.of(entry, message.request, now, settings);
        if (decision instanceof Decision.Satisfied) {
            if (!entry.isSettled(id) || told.of(id).isEmpty()) {
                told.satisfied(message.request);
            }
        } else if (decision instanceof Decision.Fail fail) {
            fail(fail.failure());
        } else if (decision instanceof Decision.Refuse) {
            fail(failure(id, FailureCode.ROTATED_RECENTLY));
        } else if (decision instanceof Decision.Defer) {
            retries.add(message);
        } else if (decision instanceof Decision.Resume resume) {
            resume(message, takenOver(message, resume.rotation()), now);
        } else {
            rotate(message, now);
        }
        step(Action.Step.DONE);
    }

    private void rotate(Message message, Instant now) {
        if (!api.isReadable()) {
            defer(message, now, false);
            return;
        }
        UnfinishedRotation rotation = new UnfinishedRotation(
                requireNonNull(message.request.requestId()),
                "idempotency-key-" + keys++,
                now(),
                api.currentKey(),
                null,
                null);
        entry = entry.started(rotation);
        step(Action.Step.STARTED);
        call(message, rotation, now);
    }

    private UnfinishedRotation takenOver(Message message, UnfinishedRotation rotation) {
        String id = requireNonNull(message.request.requestId());
        if (rotation.requestId().equals(id)) {
            return rotation;
        }
        UnfinishedRotation ours = rotation.takenOverBy(id, now());
        entry = entry.started(ours);
        step(Action.Step.STARTED);
        return ours;
    }

    private void resume(Message message, UnfinishedRotation rotation, Instant now) {
        if (!api.isReadable()) {
            defer(message, now, true);
        } else if (isDone(rotation)) {
            rotated(message, rotation);
        } else {
            call(message, rotation, now);
        }
    }

    private void call(Message message, UnfinishedRotation rotation, Instant now) {
        String id = requireNonNull(message.request.requestId());
        SimulatedApi.Answer answer = api.generate(rotation.requestId(), rotation.idempotencyKey(), truth);
        step(Action.Step.CALLED);
        if (answer == SimulatedApi.Answer.GENERATED) {
            rotated(message, rotation);
        } else if (answer == SimulatedApi.Answer.REFUSED) {
            entry = entry.cleared();
            fail(failure(id, FailureCode.FORBIDDEN));
        } else if (!api.isReadableAfterwards()) {
            defer(message, now, true);
        } else if (isDone(rotation)) {
            rotated(message, rotation);
        } else {
            defer(message, now, answer != SimulatedApi.Answer.FAILED);
        }
    }

    private boolean isDone(UnfinishedRotation rotation) {
        return !api.currentKey().equals(rotation.previousKeyFingerprint());
    }

    private void rotated(Message message, UnfinishedRotation rotation) {
        String id = requireNonNull(message.request.requestId());
        told.key(id, api.currentKey());
        step(Action.Step.TOLD);
        entry = entry.rotated(id, rotation.startedAt());
        step(Action.Step.SETTLED);
    }

    private void fail(RotationFailed failure) {
        String id = requireNonNull(failure.requestId());
        LedgerEntry next = entry.failing(failure);
        if (!next.equals(entry)) {
            entry = next;
            step(Action.Step.FAILURE_PENDING);
        }
        told.failure(id, failure);
        step(Action.Step.TOLD);
        entry = entry.failed(id);
        step(Action.Step.SETTLED);
    }

    private void defer(Message message, Instant now, boolean unfinished) {
        Instant first = message.firstAttemptAt == null ? now : message.firstAttemptAt;
        boolean givenUp = Duration.between(first, now()).compareTo(settings.giveUpAfter()) >= 0;
        LedgerEntry next = unfinished ? entry : entry.cleared();
        if (givenUp) {
            entry = next;
            fail(failure(requireNonNull(message.request.requestId()), FailureCode.GAVE_UP));
        } else {
            if (!next.equals(entry)) {
                entry = next;
                step(Action.Step.CLEARED);
            }
            retries.add(new Message(message.request, truth, first));
        }
    }

    private RotationFailed failure(String id, FailureCode code) {
        return new RotationFailed(id, "AcmeCorp", "S2-1", code, "no", code.retryable(), 1, now(), null, null, null);
    }

    private Instant now() {
        truth = truth.plusMillis(1);
        return truth.plus(clocks[instance]);
    }

    private void step(Action.Step step) {
        if (step == lastStep && step != Action.Step.DONE) {
            throw new Killed();
        }
    }
}
