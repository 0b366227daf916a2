package org.keyrotation.routes.ledger;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RotationFailed;

/**
 * What is known of one credential. Holds fingerprints, never a key.
 *
 * @param revision one more than that of the entry it was made from: what comes late, from an instance that was stopped while
 *     it wrote, is told by it
 * @param firstSeenAt when the first entry of the credential was made
 * @param lastRotationAt the start of the last rotation that generated a key; null where none is known
 * @param unfinished the rotation that is under way, or whose end is not known
 * @param pendingFailure a failure that is about to be told: after a crash it is told, and nothing else
 * @param settled the ids of the last requests that were settled, the latest last
 */
public record LedgerEntry(
        long revision,
        @Nullable Instant firstSeenAt,
        @Nullable Instant lastRotationAt,
        @Nullable UnfinishedRotation unfinished,
        @Nullable RotationFailed pendingFailure,
        @Nullable List<String> settled) {

    /** Of a credential that nothing is known of. */
    public static final LedgerEntry UNSEEN = new LedgerEntry(0, null, null, null, null, List.of());

    private static final int SETTLED = 16;

    public LedgerEntry {
        settled = settled == null ? List.of() : List.copyOf(settled);
    }

    /** Whether this request already has its outcome. */
    public boolean isSettled(String requestId) {
        return settledIds().contains(requestId);
    }

    public LedgerEntry started(UnfinishedRotation rotation) {
        return new LedgerEntry(revision + 1, seenBy(rotation.startedAt()), lastRotationAt, rotation, null, settled);
    }

    /** The unfinished rotation is known to have ended without a key. */
    public LedgerEntry cleared() {
        return new LedgerEntry(revision + 1, firstSeenAt, lastRotationAt, null, pendingFailure, settled);
    }

    /** The key of a rotation that was started then is published. */
    public LedgerEntry rotated(String requestId, Instant startedAt) {
        boolean later = lastRotationAt == null || startedAt.isAfter(lastRotationAt);
        return new LedgerEntry(
                revision + 1,
                seenBy(startedAt),
                later ? startedAt : lastRotationAt,
                null,
                null,
                settledWith(requestId));
    }

    public LedgerEntry failing(RotationFailed failure) {
        return new LedgerEntry(revision + 1, seenBy(failure.failedAt()), lastRotationAt, unfinished, failure, settled);
    }

    /** The failure of this request is published. */
    public LedgerEntry failed(String requestId) {
        return new LedgerEntry(revision + 1, firstSeenAt, lastRotationAt, unfinished, null, settledWith(requestId));
    }

    private Instant seenBy(Instant now) {
        return firstSeenAt == null ? now : firstSeenAt;
    }

    private List<String> settledWith(String requestId) {
        List<String> all = Stream.concat(
                        settledIds().stream().filter(id -> !id.equals(requestId)), Stream.of(requestId))
                .toList();
        return all.subList(Math.max(0, all.size() - SETTLED), all.size());
    }

    private List<String> settledIds() {
        return settled == null ? List.of() : settled;
    }
}
