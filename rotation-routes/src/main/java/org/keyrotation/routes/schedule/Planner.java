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
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.schedule.ScheduleSettings.FirstRotation;

/** What is to be done about a credential, by the ledger and the clock. */
final class Planner {

    /** After a request that failed. */
    private static final Duration ASKED_AGAIN_AFTER = Duration.ofDays(1);

    /** The ledger does not know more requests of a credential. */
    private static final int DAYS_KNOWN = 16;

    private final Prefix prefix;
    private final ScheduleSettings settings;
    private final SpreadSlots turns;

    Planner(Prefix prefix, ScheduleSettings settings) {
        this.prefix = prefix;
        this.settings = settings;
        this.turns = new SpreadSlots(settings.window(), settings.spread());
    }

    /**
     * @param within the open time before now in which its turn must have come
     * @param asked the request that was made for it last, where that is known
     */
    PlannedRotation plan(
            Target target, LedgerEntry entry, boolean paused, Duration within, @Nullable String asked, Instant now) {
        if (target.excluded()) {
            return planned(
                    target.credential(), State.EXCLUDED, null, prefix.rewrite("rotation.schedule.exclude names it"));
        }
        return target.active()
                ? plan(target.credential(), entry, paused, within, asked, now)
                : planned(target.credential(), State.INACTIVE, null, "not active, says the API");
    }

    private PlannedRotation plan(
            CredentialId credential,
            LedgerEntry entry,
            boolean paused,
            Duration within,
            @Nullable String asked,
            Instant now) {
        Instant ready = ready(entry, now);
        Instant dueAt = turns.first(credential, ready);
        if (dueAt.isAfter(now)) {
            String detail = ready.isAfter(now) ? age(entry) : age(entry) + "; due when window and spread let it";
            return planned(credential, State.TOO_YOUNG, dueAt, detail);
        }
        long day = Duration.between(dueAt, now).dividedBy(ASKED_AGAIN_AFTER);
        String requestId = requestId(credential, dueAt, day);
        if (entry.isSettled(requestId)) {
            Instant again = dueAt.plus(ASKED_AGAIN_AFTER.multipliedBy(day + 1));
            String detail =
                    "its last request failed, as the failures topic tells; the next is made from " + seconds(again);
            return planned(credential, State.FAILED, dueAt, detail);
        }
        if (paused) {
            return planned(credential, State.PAUSED, dueAt, "the schedule is paused");
        }
        boolean hasTurn =
                hasFailedBefore(credential, dueAt, day, entry) || turns.hasOne(credential, ready, within, now);
        String reasonToWait = reasonToWait(requestId.equals(asked), hasTurn, now);
        return reasonToWait == null
                ? new PlannedRotation(credential, State.DUE, dueAt, requestId, age(entry))
                : planned(credential, State.WAITING, dueAt, reasonToWait);
    }

    private @Nullable String reasonToWait(boolean isAskedFor, boolean hasTurn, Instant now) {
        if (!settings.window().isOpen(now)) {
            return "the window is closed until " + settings.window().nextOpening(now);
        }
        if (isAskedFor) {
            return "it is asked for";
        }
        return hasTurn ? null : "its turn, one in each spread, comes later";
    }

    /** Then it had its turn. */
    private static boolean hasFailedBefore(CredentialId credential, Instant dueAt, long day, LedgerEntry entry) {
        return LongStream.range(Math.max(0, day - DAYS_KNOWN), day)
                .anyMatch(before -> entry.isSettled(requestId(credential, dueAt, before)));
    }

    /** When it is due; far ahead of now where it was never seen. */
    Instant dueAt(CredentialId credential, LedgerEntry entry, Instant now) {
        return turns.first(credential, ready(entry, now));
    }

    /** When its key was last rotated, or it was first seen. */
    static Instant since(LedgerEntry entry, Instant now) {
        Instant seen = Objects.requireNonNullElse(entry.firstSeenAt(), now);
        return Objects.requireNonNullElse(entry.lastRotationAt(), seen);
    }

    private Instant ready(LedgerEntry entry, Instant now) {
        boolean atOnce = entry.lastRotationAt() == null && settings.firstRotation() == FirstRotation.NOW;
        return atOnce ? since(entry, now) : since(entry, now).plus(settings.interval());
    }

    private static String age(LedgerEntry entry) {
        if (entry.lastRotationAt() != null) {
            return "last rotated " + seconds(entry.lastRotationAt());
        }
        return entry.firstSeenAt() == null
                ? "never seen before"
                : "never rotated, first seen " + seconds(entry.firstSeenAt());
    }

    /** The same in every instance, and for a whole day. */
    private static String requestId(CredentialId credential, Instant dueAt, long day) {
        String seed = credential + "@" + dueAt + "+" + day;
        return UUID.nameUUIDFromBytes(seed.getBytes(UTF_8)).toString();
    }

    private static Instant seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    private static PlannedRotation planned(
            CredentialId credential, State state, @Nullable Instant dueAt, String detail) {
        return new PlannedRotation(credential, state, dueAt, null, detail);
    }
}
