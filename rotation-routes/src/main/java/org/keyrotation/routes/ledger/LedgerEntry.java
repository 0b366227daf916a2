package org.keyrotation.routes.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RotationFailed;

/**
 * The state of one credential in the ledger. It holds fingerprints, never a key.
 *
 * @param revision one more than that of the entry it was made from. Of the entries with the same revision, the first on the
 *     topic wins.
 * @param firstSeenAt when the credential's first entry was made
 * @param lastRotationAt the start of the last rotation that generated a key; null if none is known
 * @param unfinished the rotation that is in flight, or whose result is not known
 * @param pendingFailures failures that are being published, or whose publication is not recorded yet. After a crash each is
 *     published again, as the only outcome of its request, whatever other requests did meanwhile.
 * @param settled the ids of the last 16 settled requests, the latest last
 */
public record LedgerEntry(
        long revision,
        @Nullable Instant firstSeenAt,
        @Nullable Instant lastRotationAt,
        @Nullable UnfinishedRotation unfinished,
        @Nullable List<RotationFailed> pendingFailures,
        @Nullable List<String> settled) {

    /** The entry of a credential that the ledger does not know. */
    public static final LedgerEntry UNSEEN = new LedgerEntry(0, null, null, null, List.of(), List.of());

    private static final int MAX_REMEMBERED = 16;

    /** The highest revision that is read: entries must have successors. */
    static final long MAX_REVISION = Long.MAX_VALUE / 4;

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
        return new LedgerEntry(0, now, null, null, List.of(), List.of());
    }

    /** The entry as it is written. */
    LedgerEntry nextRevision() {
        return new LedgerEntry(revision + 1, firstSeenAt, lastRotationAt, unfinished, pendingFailures, settled);
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
    public UnfinishedRotation takenOver(UnfinishedRotation rotation, String requestId) {
        boolean hasEnded = isSettled(rotation.requestId()) || pendingFailure(rotation.requestId()) != null;
        return hasEnded ? rotation.of(requestId) : rotation;
    }

    /** A rotation starts, or has a new holder. */
    public LedgerEntry started(UnfinishedRotation rotation) {
        return with(lastRotationAt, rotation, pending(), settledIds(), rotation.startedAt());
    }

    /** The unfinished rotation has ended without a key. */
    public LedgerEntry cleared() {
        return with(lastRotationAt, null, pending(), settledIds(), firstSeenAt);
    }

    /** The key of the unfinished rotation is published, which settles its request. */
    public LedgerEntry rotated(String requestId, Instant startedAt) {
        boolean later = lastRotationAt == null
                || startedAt.isAfter(lastRotationAt)
                || isOfAClockSetBack(lastRotationAt, startedAt);
        LedgerEntry rotated = with(later ? startedAt : lastRotationAt, null, pending(), settledIds(), startedAt);
        String earlier = unfinished == null ? null : unfinished.takenOverFrom();
        return (earlier == null ? rotated : rotated.settling(earlier)).settling(requestId);
    }

    /** A failure is about to be published. */
    public LedgerEntry failing(RotationFailed failure) {
        List<RotationFailed> failures = append(pendingWithout(failure.requestId()), failure);
        return with(lastRotationAt, unfinished, failures, settledIds(), failure.failedAt());
    }

    /** The failure of this request is published. */
    public LedgerEntry failed(String requestId) {
        return settling(requestId);
    }

    private LedgerEntry settling(String requestId) {
        List<String> others =
                settledIds().stream().filter(id -> !id.equals(requestId)).toList();
        return with(lastRotationAt, unfinished, pendingWithout(requestId), append(others, requestId), firstSeenAt);
    }

    private LedgerEntry with(
            @Nullable Instant lastRotation,
            @Nullable UnfinishedRotation rotation,
            List<RotationFailed> failures,
            List<String> requests,
            @Nullable Instant now) {
        Instant seen = firstSeenAt == null ? now : firstSeenAt;
        return new LedgerEntry(revision, seen, lastRotation, rotation, failures, requests);
    }

    private static <T> List<T> append(List<T> before, T last) {
        return Stream.concat(before.stream().skip(Math.max(0, before.size() + 1 - MAX_REMEMBERED)), Stream.of(last))
                .toList();
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
