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
 * A pure decision: what to do with a request, given the ledger entry of its credential. A request is level-triggered: any
 * key generated at or after its requestedAt satisfies it.
 */
sealed interface Decision {

    /** The request has its event already: nothing is published. */
    record Settled(@Nullable Instant lastRotationAt) implements Decision {}

    /** The credential was rotated at or after the requestedAt of the request, whose event says so. */
    record Satisfied(Instant lastRotationAt) implements Decision {}

    /** The request has failed, and its failure may not have been published: publish it again. */
    record Fail(RotationFailed failure) implements Decision {}

    /** Finish an unfinished rotation: the instance's own of this request, or one whose lease is over. */
    record Resume(UnfinishedRotation rotation) implements Decision {}

    /** Another request, or another instance, has not finished a rotation: retry this request later. */
    record Defer(UnfinishedRotation other) implements Decision {}

    /** The last rotation is younger than the minimum interval, and the request is not forced. */
    record RotatedRecently(Instant lastRotationAt) implements Decision {}

    /** A new key is to be generated. */
    record Rotate() implements Decision {}

    /** Decides a request; {@code instance} is the id of the instance that decides. */
    static Decision of(
            LedgerEntry entry, RotationRequest request, Instant now, RotateSettings settings, String instance) {
        String requestId = requireNonNull(request.requestId());
        Instant requestedAt = requireNonNull(request.requestedAt());
        Instant last = entry.lastRotationAt();
        RotationFailed failure = entry.pendingFailure(requestId);
        UnfinishedRotation unfinished = unfinished(entry, now);
        if (entry.isSettled(requestId)) {
            return new Settled(last);
        }
        if (failure != null) {
            return new Fail(failure);
        }
        boolean isStarted = unfinished != null && unfinished.requestId().equals(requestId);
        if (!isStarted && entry.isRotatedSince(requestedAt, now)) { // the key of a started one may be published
            return new Satisfied(requireNonNull(last));
        }
        if (unfinished != null) {
            return (isStarted && instance.equals(unfinished.holder()))
                            || isAbandoned(unfinished, requestId, now, settings)
                    ? new Resume(unfinished)
                    : new Defer(unfinished);
        }
        Instant keyAgeStart = entry.keyAgeStart();
        return keyAgeStart != null && !request.force() && !hasElapsed(keyAgeStart, now, settings.minInterval())
                ? new RotatedRecently(keyAgeStart)
                : new Rotate();
    }

    private static @Nullable UnfinishedRotation unfinished(LedgerEntry entry, Instant now) {
        UnfinishedRotation unfinished = entry.unfinished();
        return unfinished == null || unfinished.isAbandonedByHand(now) ? null : unfinished;
    }

    /** An entry of an older version has no lease: the owner of its partition may resume its own request at once. */
    private static boolean isAbandoned(
            UnfinishedRotation unfinished, String requestId, Instant now, RotateSettings settings) {
        Instant leaseUntil = unfinished.leaseUntil();
        if (leaseUntil == null) {
            return unfinished.requestId().equals(requestId)
                    || LedgerEntry.isOfAClockSetBack(unfinished.startedAt(), now)
                    || hasElapsed(unfinished.startedAt(), now, settings.giveUpAfter());
        }
        return leaseUntil.isBefore(now) || LedgerEntry.isOfAClockSetBack(leaseUntil, now);
    }

    private static boolean hasElapsed(Instant past, Instant now, Duration age) {
        return Duration.between(past, now).compareTo(age) >= 0;
    }
}
