package org.keyrotation.routes.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;

/**
 * The state of one credential in the ledger. It holds fingerprints, never a key.
 *
 * <p>The last three fields are null in an entry of an older version. They are lost when an older version writes the entry.
 *
 * @param revision one more than that of the entry it was made from. Of the entries with the same revision, the first on the
 *     topic wins.
 * @param firstSeenAt when the credential's first entry was made
 * @param lastRotationAt the start of the last rotation that generated a key; null if none is known
 * @param unfinished the rotation that is in flight, or whose result is not known
 * @param pendingFailures failures that are being published, or whose publication is not recorded yet. After a crash each is
 *     published again, as the only outcome of its request, whatever other requests did meanwhile.
 * @param settled the ids of the last 16 settled requests, the latest last
 * @param latestRequestedAt the latest requestedAt of a settled request; null if none is known
 * @param lastKey the key of the last rotation; null if none is known, or it is unreadable
 * @param failures the failures since the last key; null if there are none, or they are unreadable
 */
@JsonPropertyOrder("revision") // first, so that it is read without the rest
public record LedgerEntry(
        long revision,
        @Nullable Instant firstSeenAt,
        @Nullable Instant lastRotationAt,
        @Nullable UnfinishedRotation unfinished,
        @Nullable List<RotationFailed> pendingFailures,
        @Nullable List<String> settled,
        @Nullable Instant latestRequestedAt,
        @JsonDeserialize(using = LenientDeserializer.OfLastKey.class) @Nullable LastKey lastKey,
        @JsonDeserialize(using = LenientDeserializer.OfFailureStreak.class) @Nullable FailureStreak failures) {

    /** The entry of a credential that the ledger does not know. */
    public static final LedgerEntry UNSEEN = new LedgerEntry(0, null, null, null, null, null, null, null, null);

    private static final int MAX_REMEMBERED = 16;

    private static final Duration MAX_CLOCK_SKEW = Duration.ofHours(1);

    /** @throws IllegalArgumentException if the revision has no successor */
    public LedgerEntry {
        if (revision < 0 || revision > Long.MAX_VALUE / 2) {
            throw new IllegalArgumentException("revision must be from 0 to " + Long.MAX_VALUE / 2);
        }
        pendingFailures = pendingFailures == null ? List.of() : List.copyOf(pendingFailures);
        settled = settled == null ? List.of() : List.copyOf(settled);
    }

    /** The entry of a credential that was only seen. It has the lowest revision, so any other write wins over it. */
    public static LedgerEntry firstSeen(Instant now) {
        return new LedgerEntry(0, now, null, null, null, null, null, null, null);
    }

    /** The entry as it is written. */
    LedgerEntry nextRevision() {
        return withRevision(revision + 1);
    }

    /** The same state with another revision. */
    LedgerEntry withRevision(long newRevision) {
        return new LedgerEntry(
                newRevision,
                firstSeenAt,
                lastRotationAt,
                unfinished,
                pendingFailures,
                settled,
                latestRequestedAt,
                lastKey,
                failures);
    }

    /**
     * Instances of older versions let the later of two entries with the same revision win, unless its generation is lower. The
     * highest one makes the first entry win for them, too.
     */
    @JsonProperty(value = "generation", access = JsonProperty.Access.READ_ONLY)
    int generationForOlderVersions() {
        return Integer.MAX_VALUE;
    }

    /** Whether the credential was rotated at or after this time, which satisfies a request of this time. */
    public boolean isRotatedSince(Instant requestedAt, Instant now) {
        return lastRotationAt != null
                && !lastRotationAt.isBefore(requestedAt)
                && !isOfAClockSetBack(lastRotationAt, now);
    }

    /** Whether a clock that was set back since then recorded this time. The clocks of instances differ by less. */
    public static boolean isOfAClockSetBack(Instant time, Instant now) {
        return time.isAfter(now.plus(MAX_CLOCK_SKEW));
    }

    /** Whether no other instance has taken over or ended this rotation. An entry that was removed by hand shows neither. */
    public boolean isHeld(UnfinishedRotation rotation) {
        if (unfinished != null) {
            return rotation.hasSameHolder(unfinished);
        }
        return !isSettled(rotation.requestId())
                && (lastRotationAt == null || lastRotationAt.isBefore(rotation.startedAt()));
    }

    /** Whether this request already has its outcome. */
    public boolean isSettled(String requestId) {
        return settledIds().contains(requestId);
    }

    /**
     * Returns the state of a request. {@link RequestState#SATISFIED} is a request that is not remembered as settled: it is open,
     * and will be satisfied, or it was settled more than 16 requests ago, or by an older version.
     */
    public RequestState stateOf(String requestId, Instant requestedAt, Instant now) {
        boolean settled = isSettled(requestId);
        if (isRotatedSince(requestedAt, now)) {
            return settled ? RequestState.ROTATED : RequestState.SATISFIED;
        }
        return settled ? RequestState.FAILED : RequestState.OPEN;
    }

    /** The failure of this request that is not known to be published, or null. */
    public @Nullable RotationFailed pendingFailure(String requestId) {
        return pending().stream()
                .filter(failure -> requestId.equals(failure.requestId()))
                .findFirst()
                .orElse(null);
    }

    /**
     * The unfinished rotation, for another request that finishes it. Its key is published for the request that it has, so that
     * one that was published before appears as the same event; for the other one only if that request has ended in a failure.
     */
    public UnfinishedRotation takenOver(UnfinishedRotation rotation, RotationRequest by) {
        boolean hasEnded = isSettled(rotation.requestId()) || pendingFailure(rotation.requestId()) != null;
        boolean isOwn = rotation.requestId().equals(by.requestId());
        return hasEnded || isOwn ? rotation.of(by) : rotation;
    }

    /** A rotation starts, or has a new holder. */
    public LedgerEntry started(UnfinishedRotation rotation) {
        return withUnfinished(seenSince(rotation.startedAt()), rotation);
    }

    /** The unfinished rotation has ended without a key. */
    public LedgerEntry cleared() {
        return withUnfinished(firstSeenAt, null);
    }

    /** The key of this rotation is published, which settles its request and ends the failures in a row. */
    public LedgerEntry rotated(UnfinishedRotation rotation, LastKey key) {
        Instant startedAt = rotation.startedAt();
        boolean isLater = lastRotationAt == null
                || startedAt.isAfter(lastRotationAt)
                || isOfAClockSetBack(lastRotationAt, startedAt);
        LedgerEntry rotated = new LedgerEntry(
                revision,
                seenSince(startedAt),
                isLater ? startedAt : lastRotationAt,
                null,
                pendingFailures,
                settled,
                latestRequestedAt,
                key,
                null);
        String earlier = unfinished == null ? null : unfinished.takenOverFrom();
        RotationRequest request = rotation.request();
        return (earlier == null ? rotated : rotated.settling(earlier, null))
                .settling(rotation.requestId(), request == null ? null : request.requestedAt());
    }

    /** A failure is about to be published. */
    public LedgerEntry failing(RotationFailed failure) {
        return new LedgerEntry(
                revision,
                seenSince(failure.failedAt()),
                lastRotationAt,
                unfinished,
                append(pendingWithout(failure.requestId()), failure),
                settled,
                latestRequestedAt,
                lastKey,
                failures);
    }

    /** This failure is published, which settles its request. */
    public LedgerEntry failed(RotationFailed failure) {
        String requestId = Objects.requireNonNull(failure.requestId(), "requestId");
        FailureStreak streak =
                isSettled(requestId) ? failures : FailureStreak.next(failures, requestId, failure.failedAt());
        return new LedgerEntry(
                        revision,
                        firstSeenAt,
                        lastRotationAt,
                        unfinished,
                        pendingFailures,
                        settled,
                        latestRequestedAt,
                        lastKey,
                        streak)
                .settling(requestId, failure.requestedAt());
    }

    /** The event that a request is satisfied is published, which settles the request. */
    public LedgerEntry satisfied(RequestSatisfied event) {
        return isSettled(event.requestId()) ? this : settling(event.requestId(), event.requestedAt());
    }

    private LedgerEntry settling(String requestId, @Nullable Instant requestedAt) {
        List<String> others =
                settledIds().stream().filter(id -> !id.equals(requestId)).toList();
        boolean isLatest = requestedAt == null || latestRequestedAt == null || !requestedAt.isBefore(latestRequestedAt);
        return new LedgerEntry(
                revision,
                firstSeenAt,
                lastRotationAt,
                unfinished,
                pendingWithout(requestId),
                isLatest ? append(others, requestId) : appendOrReplaceFirst(others, requestId),
                isLatest && requestedAt != null ? requestedAt : latestRequestedAt,
                lastKey,
                failures);
    }

    private LedgerEntry withUnfinished(@Nullable Instant seenAt, @Nullable UnfinishedRotation rotation) {
        return new LedgerEntry(
                revision,
                seenAt,
                lastRotationAt,
                rotation,
                pendingFailures,
                settled,
                latestRequestedAt,
                lastKey,
                failures);
    }

    private Instant seenSince(Instant now) {
        return firstSeenAt == null ? now : firstSeenAt;
    }

    private static <T> List<T> append(List<T> before, T last) {
        return Stream.concat(before.stream().skip(Math.max(0, before.size() + 1 - MAX_REMEMBERED)), Stream.of(last))
                .toList();
    }

    /**
     * After a reset to the earliest offsets, each request that is not remembered any more is settled again. Together they take
     * one place, so that the remembered ones stay silent.
     */
    private static List<String> appendOrReplaceFirst(List<String> before, String id) {
        return before.size() < MAX_REMEMBERED
                ? append(before, id)
                : Stream.concat(Stream.of(id), before.stream().skip(1)).toList();
    }

    private List<RotationFailed> pendingWithout(@Nullable String requestId) {
        return pending().stream()
                .filter(failure -> !Objects.equals(failure.requestId(), requestId))
                .toList();
    }

    private List<RotationFailed> pending() {
        return pendingFailures == null ? List.of() : pendingFailures;
    }

    private List<String> settledIds() {
        return settled == null ? List.of() : settled;
    }
}
