package org.keyrotation.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The schedule's decision on one credential: whether its key is due for rotation, and why.
 *
 * @param credential the credential
 * @param named whether {@code rotation.schedule.targets} names the credential; otherwise it is one of its company's
 * @param state the decision
 * @param dueAt when the key is due for rotation; null if it never is, for example because the credential is excluded
 * @param requestId the id of the request that rotates the key; null unless the state is {@link State#DUE}
 * @param detail the reason for the decision, for a person to read
 */
public record PlannedRotation(
        CredentialId credential,
        boolean named,
        State state,
        @Nullable Instant dueAt,
        @Nullable String requestId,
        String detail) {

    /** The decision on a credential, in the order in which plans are shown. */
    public enum State {
        /** The last request for this credential failed less than a day ago. */
        FAILED,
        /** The API does not know the credential. */
        UNKNOWN,
        /** The key is due now. */
        DUE,
        /** The key is due, but the schedule is paused. */
        PAUSED,
        /** The key is older than {@code rotation.schedule.interval}, but the maintenance window is closed. */
        WINDOW_CLOSED,
        /** The key is older than {@code rotation.schedule.interval}, but its slot is later, or it is already requested. */
        WAITING,
        /** The ledger does not know the credential yet: its interval begins when the schedule first sees it. */
        NEVER_SEEN,
        /** The last rotation, or the first sight, is younger than {@code rotation.schedule.interval}. */
        TOO_YOUNG,
        /** The API reports the credential as inactive. */
        INACTIVE,
        /** {@code rotation.schedule.exclude} matches the credential. */
        EXCLUDED
    }

    /** Whether a person has to act: its request failed, or the API does not have a named credential as an active one. */
    public boolean needsAttention() {
        return state == State.FAILED || isMissing();
    }

    /** Whether {@code rotation.schedule.targets} names a credential that is unknown or inactive. */
    public boolean isMissing() {
        return named && (state == State.UNKNOWN || state == State.INACTIVE);
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
