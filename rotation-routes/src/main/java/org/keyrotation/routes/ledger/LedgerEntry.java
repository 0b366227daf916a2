package org.keyrotation.routes.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RotationFailed;

/**
 * What is known of one credential. Holds fingerprints, never a key.
 *
 * @param revision one more than that of the entry it was made from: what comes late, from an instance that was stopped while
 *     it wrote, is told by it
 * @param generation of the consumer group, as whoever wrote it had the partition: of two entries that were made from the
 *     same one, that of the later owner stands, in whichever order they come; 0 where no group was asked
 * @param firstSeenAt when the first entry of the credential was made
 * @param lastRotationAt the start of the last rotation that generated a key; null where none is known
 * @param unfinished the rotation that is under way, or whose end is not known
 * @param pendingFailures those that are about to be told, or were and it is not written down yet: after a crash each is
 *     told, and nothing else of its request, whatever other requests did meanwhile
 * @param settled the ids of the last requests that were settled, the latest last
 */
public record LedgerEntry(
        long revision,
        int generation,
        @Nullable Instant firstSeenAt,
        @Nullable Instant lastRotationAt,
        @Nullable UnfinishedRotation unfinished,
        @Nullable List<RotationFailed> pendingFailures,
        @Nullable List<String> settled) {

    /** Of a credential that nothing is known of. */
    public static final LedgerEntry UNSEEN = new LedgerEntry(0, 0, null, null, null, List.of(), List.of());

    private static final int MOST = 16;

    /** Refuses a revision that has no successor. */
    public LedgerEntry {
        if (revision < 0 || revision > Long.MAX_VALUE / 2) {
            throw new IllegalArgumentException("revision must be from 0 to " + Long.MAX_VALUE / 2);
        }
        pendingFailures = pendingFailures == null ? List.of() : List.copyOf(pendingFailures);
        settled = settled == null ? List.of() : List.copyOf(settled);
    }

    /**
     * Of a credential that is only known to be there. Its revision is below every other's, so that whatever else is written
     * of the credential at the same moment stands.
     */
    public static LedgerEntry firstSeen(Instant now) {
        return new LedgerEntry(0, 0, now, null, null, List.of(), List.of());
    }

    /** As it is written by an owner of the partition: the next revision. */
    LedgerEntry writtenIn(int newGeneration) {
        return new LedgerEntry(
                revision + 1, newGeneration, firstSeenAt, lastRotationAt, unfinished, pendingFailures, settled);
    }

    /** Whether this request already has its outcome. */
    public boolean isSettled(String requestId) {
        return settledIds().contains(requestId);
    }

    /** What is to be told of this request, or null. */
    public @Nullable RotationFailed pendingFailure(String requestId) {
        return pending().stream()
                .filter(failure -> requestId.equals(failure.requestId()))
                .findFirst()
                .orElse(null);
    }

    /** A rotation begins, or another request takes over one that was abandoned. */
    public LedgerEntry started(UnfinishedRotation rotation) {
        return next(lastRotationAt, rotation, pending(), settledIds(), rotation.startedAt());
    }

    /** The unfinished rotation is known to have ended without a key. */
    public LedgerEntry cleared() {
        return next(lastRotationAt, null, pending(), settledIds(), firstSeenAt);
    }

    /** The key of the unfinished rotation is published: that settles who asked for it, and whoever began it. */
    public LedgerEntry rotated(String requestId, Instant startedAt) {
        boolean later = lastRotationAt == null || startedAt.isAfter(lastRotationAt);
        LedgerEntry rotated = next(later ? startedAt : lastRotationAt, null, pending(), settledIds(), startedAt);
        String abandonedBy = unfinished == null ? null : unfinished.takenOverFrom();
        return (abandonedBy == null ? rotated : rotated.settling(abandonedBy)).settling(requestId);
    }

    /** A failure is about to be told. */
    public LedgerEntry failing(RotationFailed failure) {
        List<RotationFailed> failures = latest(pendingWithout(failure.requestId()), failure);
        return next(lastRotationAt, unfinished, failures, settledIds(), failure.failedAt());
    }

    /** The failure of this request is published. */
    public LedgerEntry failed(String requestId) {
        return settling(requestId);
    }

    private LedgerEntry settling(String requestId) {
        List<String> others =
                settledIds().stream().filter(id -> !id.equals(requestId)).toList();
        return next(lastRotationAt, unfinished, pendingWithout(requestId), latest(others, requestId), firstSeenAt);
    }

    private LedgerEntry next(
            @Nullable Instant lastRotation,
            @Nullable UnfinishedRotation rotation,
            List<RotationFailed> failures,
            List<String> requests,
            @Nullable Instant now) {
        Instant seen = firstSeenAt == null ? now : firstSeenAt;
        return new LedgerEntry(revision, generation, seen, lastRotation, rotation, failures, requests);
    }

    private static <T> List<T> latest(List<T> before, T last) {
        return Stream.concat(before.stream().skip(Math.max(0, before.size() + 1 - MOST)), Stream.of(last))
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
