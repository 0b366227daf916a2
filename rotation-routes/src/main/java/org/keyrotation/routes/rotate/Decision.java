package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;

/**
 * The decision on a request, by the ledger entry of its credential. A request is level-triggered: any key generated at or
 * after its requestedAt satisfies it.
 */
sealed interface Decision {

    /** The request is settled already, or a newer key is there. */
    record Satisfied(@Nullable Instant lastRotationAt) implements Decision {}

    /** The request has failed, and the failure is not known to be published. */
    record Fail(RotationFailed failure) implements Decision {}

    /** An unfinished rotation is to be finished: the request's own, or an abandoned one. */
    record Resume(UnfinishedRotation rotation) implements Decision {}

    /** The unfinished rotation of another request comes first. */
    record Defer(UnfinishedRotation other) implements Decision {}

    /** The last rotation is younger than the minimum interval. */
    record Refuse(Instant lastRotationAt) implements Decision {}

    /** A new key is to be generated. */
    record Rotate() implements Decision {}

    static Decision of(LedgerEntry entry, RotationRequest request, Instant now, RotateSettings settings) {
        String requestId = requireNonNull(request.requestId());
        Instant requestedAt = requireNonNull(request.requestedAt());
        Instant last = entry.lastRotationAt();
        RotationFailed failure = entry.pendingFailure(requestId);
        UnfinishedRotation unfinished = entry.unfinished();
        if (entry.isSettled(requestId)) {
            return new Satisfied(last);
        }
        if (failure != null) {
            return new Fail(failure);
        }
        if (last != null && !last.isBefore(requestedAt)) {
            return new Satisfied(last);
        }
        if (unfinished != null) {
            boolean own = unfinished.requestId().equals(requestId);
            return own || isOlder(unfinished.heldSince(), now, settings.giveUpAfter())
                    ? new Resume(unfinished)
                    : new Defer(unfinished);
        }
        boolean young = last != null && !request.force() && !isOlder(last, now, settings.minInterval());
        return young ? new Refuse(requireNonNull(last)) : new Rotate();
    }

    private static boolean isOlder(Instant past, Instant now, Duration age) {
        return Duration.between(past, now).compareTo(age) >= 0;
    }
}
