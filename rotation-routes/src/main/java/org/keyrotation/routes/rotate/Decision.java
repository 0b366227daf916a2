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
 * What is to be done about a request, by what the ledger says of its credential. A request is a level, not an edge: any
 * key generated at or after its requestedAt satisfies it.
 */
sealed interface Decision {

    /** It has its outcome already, or there is a key that is new enough. */
    record Satisfied(@Nullable Instant lastRotationAt) implements Decision {}

    /** It failed, and that is still to be told. */
    record Fail(RotationFailed failure) implements Decision {}

    /** Its rotation was begun and is to be brought to an end: its own, or one that was abandoned. */
    record Resume(UnfinishedRotation rotation) implements Decision {}

    /** Another request's rotation comes first. */
    record Defer(UnfinishedRotation other) implements Decision {}

    /** The last rotation is too young. */
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
