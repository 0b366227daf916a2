package org.keyrotation.app.status;

import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialStatus;
import org.keyrotation.model.CredentialStatus.Adoption;
import org.keyrotation.model.CredentialStatus.AdoptionState;
import org.keyrotation.model.CredentialStatus.Failure;
import org.keyrotation.model.CredentialStatus.Open;

/** Why each credential is in its state, for a person to read. */
public final class StatusReasons {

    private final CredentialStatuses statuses;

    public StatusReasons(CredentialStatuses statuses) {
        this.statuses = statuses;
    }

    /** Returns the reason of the state, in a few words; empty if the state says it all. */
    public String of(CredentialStatus status) {
        Open open = status.open();
        Failure failure = status.lastFailure();
        Instant dueAt = statuses.dueAt(status.credential());
        return switch (status.state()) {
            case DRIFTED -> "rotated by hand: the API has another key than the keys topic";
            case UNADOPTED ->
                unadopted(status) + ": the previous key expires " + relative(status.previousKeyExpiresAt());
            case FAILED -> (failure == null ? "" : failureSummary(failure)) + (open == null ? "" : ", requested again");
            case OVERDUE -> due(dueAt) + (open == null ? "" : ", requested");
            case ROTATING -> open == null ? "a rotation is started" : of(open);
            case ACTIVATING -> "the new key works " + relative(status.usableFrom());
            case OVERLAP -> "the previous key expires " + relative(status.previousKeyExpiresAt());
            case DUE -> "";
            case FRESH -> dueAt == null ? "" : due(dueAt);
            case UNKNOWN -> "never rotated here";
        };
    }

    private String due(@Nullable Instant dueAt) {
        return "due " + relative(dueAt);
    }

    private String relative(@Nullable Instant time) {
        return time == null ? "" : RelativeTime.of(time, statuses.now());
    }

    private static String unadopted(CredentialStatus status) {
        return Objects.requireNonNullElse(status.adoption(), List.<Adoption>of()).stream()
                .filter(each -> each.state() != AdoptionState.ADOPTED)
                .map(Adoption::consumer)
                .collect(joining(", ", "not adopted by ", ""));
    }

    private static String failureSummary(Failure failure) {
        String code = failure.code() == null
                ? "its reason is no longer retained"
                : failure.code().name();
        return failure.inARow() == 1 ? code : code + ", " + failure.inARow() + " in a row";
    }

    /** Returns how far an open request is. */
    public static String of(Open open) {
        return switch (open.deferrals()) {
            case 0 -> "queued or in flight";
            case 1 -> "deferred once: " + open.lastError();
            default -> "deferred " + open.deferrals() + " times: " + open.lastError();
        };
    }
}
