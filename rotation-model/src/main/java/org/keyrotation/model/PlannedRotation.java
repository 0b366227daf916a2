package org.keyrotation.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the schedule makes of one credential.
 *
 * @param dueAt from when its key is to be rotated; null where it is not to be at all
 * @param requestId of the request that asks for it, where it is {@link State#DUE}
 * @param detail why, for people
 */
public record PlannedRotation(
        CredentialId credential, State state, @Nullable Instant dueAt, @Nullable String requestId, String detail) {

    public enum State {
        /** It is to be rotated now. */
        DUE,
        /** Its last request failed less than a day ago. */
        FAILED,
        /** It was rotated, or first seen, less than {@code rotation.schedule.interval} ago; {@code spread} adds to that. */
        TOO_YOUNG,
        /** It is due, but the window is closed, its turn comes later, or it is asked for already. */
        WAITING,
        /** It is due, but the schedule is paused. */
        PAUSED,
        /** {@code rotation.schedule.exclude} names it. */
        EXCLUDED,
        /** The API says that it is inactive, or not there. */
        INACTIVE
    }

    public boolean isDue() {
        return state == State.DUE;
    }

    /** Made by the schedule where it is due. */
    public RotationRequest request() {
        return new RotationRequest(
                requestId,
                credential.companyId(),
                credential.apiCredentialId(),
                "schedule",
                "key-rotation",
                dueAt,
                false);
    }
}
