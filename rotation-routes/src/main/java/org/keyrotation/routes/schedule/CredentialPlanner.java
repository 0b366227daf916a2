package org.keyrotation.routes.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.PlannedRotation;
import org.keyrotation.model.PlannedRotation.State;
import org.keyrotation.routes.api.CredentialState;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.schedule.ScheduleSettings.FirstRotation;

/** Decides whether one credential is due, from its ledger entry and the time only. */
final class CredentialPlanner {

    private static final Duration RETRY_AFTER_FAILURE = Duration.ofDays(1);

    /** The ledger remembers 16 settled requests of a credential, and a failed one is repeated each day. */
    private static final int REMEMBERED_DAYS = 16;

    private final Prefix prefix;
    private final ScheduleSettings settings;
    private final SpreadSlots slots;

    CredentialPlanner(Prefix prefix, ScheduleSettings settings) {
        this.prefix = prefix;
        this.settings = settings;
        this.slots = new SpreadSlots(settings.window(), settings.spread());
    }

    /**
     * Plans the rotation of one target.
     *
     * @param pauseReason why the schedule makes no requests, or null
     * @param lookBack how much open time before now this run covers; the credential must have a slot in it
     * @param latestRequestId the id of its latest request, or null if it is not known
     */
    PlannedRotation plan(
            Target target,
            LedgerEntry entry,
            @Nullable String pauseReason,
            Duration lookBack,
            @Nullable String latestRequestId,
            Instant now) {
        if (target.excluded()) {
            return planned(target, State.EXCLUDED, null, prefix.rewrite("excluded by rotation.schedule.exclude"));
        }
        return target.active()
                ? planActive(target, entry, pauseReason, lookBack, latestRequestId, now)
                : planned(target, State.INACTIVE, null, CredentialState.INACTIVE.detail());
    }

    private PlannedRotation planActive(
            Target target,
            LedgerEntry entry,
            @Nullable String pauseReason,
            Duration lookBack,
            @Nullable String latestRequestId,
            Instant now) {
        CredentialId credential = target.credential();
        Instant intervalEnd = intervalEnd(entry, now);
        Instant dueAt = slots.first(credential, intervalEnd);
        if (intervalEnd.isAfter(now)) {
            State state = entry.equals(LedgerEntry.UNSEEN) ? State.NEVER_SEEN : State.TOO_YOUNG;
            return planned(target, state, dueAt, history(entry));
        }
        if (dueAt.isAfter(now)) {
            return waiting(target, dueAt, history(entry) + ", due at its slot in window and spread", now);
        }
        long daysOverdue = Duration.between(dueAt, now).dividedBy(RETRY_AFTER_FAILURE);
        String requestId = requestId(credential, dueAt, daysOverdue);
        if (entry.isSettled(requestId)) {
            Instant nextRequestAt = dueAt.plus(RETRY_AFTER_FAILURE.multipliedBy(daysOverdue + 1));
            String detail = "the last request failed (see the failures topic), next request at or after "
                    + truncateToSeconds(nextRequestAt);
            return planned(target, State.FAILED, dueAt, detail);
        }
        if (pauseReason != null) {
            return planned(target, State.PAUSED, dueAt, pauseReason);
        }
        boolean hasSlot = hasFailedBefore(credential, dueAt, daysOverdue, entry)
                || slots.hasSlotWithin(credential, intervalEnd, lookBack, now);
        boolean isRequested = requestId.equals(latestRequestId);
        return hasSlot && !isRequested && settings.window().isOpen(now)
                ? new PlannedRotation(credential, target.named(), State.DUE, dueAt, requestId, history(entry))
                : waiting(
                        target,
                        dueAt,
                        isRequested ? "already requested" : "waiting for its next slot, one in each spread",
                        now);
    }

    /** A closed window is the reason to wait before any other: nothing happens until it opens. */
    private PlannedRotation waiting(Target target, Instant dueAt, String reason, Instant now) {
        return settings.window().isOpen(now)
                ? planned(target, State.WAITING, dueAt, reason)
                : planned(
                        target,
                        State.WINDOW_CLOSED,
                        dueAt,
                        "the window is closed until " + settings.window().nextOpening(now));
    }

    /** A failed request proves that the credential's slot came: the daily retry needs no other slot. */
    private static boolean hasFailedBefore(
            CredentialId credential, Instant dueAt, long daysOverdue, LedgerEntry entry) {
        return LongStream.range(Math.max(0, daysOverdue - REMEMBERED_DAYS), daysOverdue)
                .anyMatch(earlier -> entry.isSettled(requestId(credential, dueAt, earlier)));
    }

    /** Returns when the credential is due. An unseen credential counts as first seen now. */
    Instant dueAt(CredentialId credential, LedgerEntry entry, Instant now) {
        return slots.first(credential, intervalEnd(entry, now));
    }

    /** Returns when the key was last rotated, or else when the credential was first seen. */
    static Instant keyAgeStart(LedgerEntry entry, Instant now) {
        Instant firstSeenAt = Objects.requireNonNullElse(entry.firstSeenAt(), now);
        return Objects.requireNonNullElse(entry.keyAgeStart(), firstSeenAt);
    }

    private Instant intervalEnd(LedgerEntry entry, Instant now) {
        boolean immediately = entry.lastRotationAt() == null && settings.firstRotation() == FirstRotation.NOW;
        return immediately ? keyAgeStart(entry, now) : keyAgeStart(entry, now).plus(settings.interval());
    }

    private static String history(LedgerEntry entry) {
        if (entry.lastRotationAt() != null) {
            return "last rotated " + truncateToSeconds(entry.lastRotationAt());
        }
        return entry.firstSeenAt() == null
                ? "never seen before"
                : "never rotated, first seen " + truncateToSeconds(entry.firstSeenAt());
    }

    /** Every instance derives the same id for a whole day, so parallel schedules make duplicates of one request. */
    private static String requestId(CredentialId credential, Instant dueAt, long daysOverdue) {
        String seed = credential + "@" + dueAt + "+" + daysOverdue;
        return UUID.nameUUIDFromBytes(seed.getBytes(UTF_8)).toString();
    }

    private static Instant truncateToSeconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    private static PlannedRotation planned(Target target, State state, @Nullable Instant dueAt, String detail) {
        return new PlannedRotation(target.credential(), target.named(), state, dueAt, null, detail);
    }
}
