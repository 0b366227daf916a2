package org.keyrotation.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The schedule's decision on one credential: whether its key is due for rotation, and why.
 *
 * @param credential the credential
 * @param state the decision
 * @param dueAt when the key is due for rotation; null if it never is, for example because the credential is excluded
 * @param requestId the id of the request that rotates the key; null unless the state is {@link State#DUE}
 * @param detail the reason for the decision, for a person to read
 */
public record PlannedRotation(
        CredentialId credential, State state, @Nullable Instant dueAt, @Nullable String requestId, String detail) {

    /** The decision on a credential. */
    public enum State {
        /** The key is due now. */
        DUE,
        /** The last request for this credential failed less than a day ago. */
        FAILED,
        /** The last rotation, or the first sight, is younger than {@code rotation.schedule.interval} plus its spread. */
        TOO_YOUNG,
        /** The key is due, but the window is closed, its spread slot is later, or it is already requested. */
        WAITING,
        /** The key is due, but the schedule is paused. */
        PAUSED,
        /** {@code rotation.schedule.exclude} matches the credential. */
        EXCLUDED,
        /** The API reports the credential as inactive or unknown. */
        INACTIVE
    }

    /** Whether the key is due now. */
    public boolean isDue() {
        return state == State.DUE;
    }

    /** The request that rotates the key. Meaningful only if {@link #isDue()}. */
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
