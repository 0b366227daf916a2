package org.keyrotation.app.status;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.CredentialStatus;
import org.keyrotation.model.CredentialStatus.Adoption;
import org.keyrotation.model.CredentialStatus.Failure;
import org.keyrotation.model.CredentialStatus.Open;
import org.keyrotation.model.CredentialStatus.State;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.routes.adoption.KeyAdoption;
import org.keyrotation.routes.ledger.FailureStreak;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;
import org.keyrotation.routes.schedule.DueDates;

/**
 * The rules by which the status of a credential follows from what is known of it. The first state that applies is the state:
 *
 * <table>
 *   <caption>States</caption>
 *   <tr><th>state</th><th>applies if</th><th>since</th></tr>
 *   <tr><td>DRIFTED</td><td>the API has a key that was rotated by hand</td><td>when it was found</td></tr>
 *   <tr><td>UNADOPTED</td><td>less than half of the overlap is left, and a consumer has not adopted the key</td><td>half of the
 *   overlap was left</td></tr>
 *   <tr><td>FAILED</td><td>requests have failed since the last key</td><td>the last failure</td></tr>
 *   <tr><td>OVERDUE</td><td>it has been due for a day or longer</td><td>a day after the due date</td></tr>
 *   <tr><td>ROTATING</td><td>a rotation is unfinished, or a request is open</td><td>its start, or the time of the request</td></tr>
 *   <tr><td>ACTIVATING</td><td>now is before usableFrom</td><td>the last rotation</td></tr>
 *   <tr><td>OVERLAP</td><td>now is before previousKeyExpiresAt</td><td>usableFrom</td></tr>
 *   <tr><td>DUE</td><td>now is at or after the due date</td><td>the due date</td></tr>
 *   <tr><td>FRESH</td><td>it was rotated here</td><td>previousKeyExpiresAt, or the last rotation if an older version has recorded it</td></tr>
 *   <tr><td>UNKNOWN</td><td>otherwise</td><td>-</td></tr>
 * </table>
 */
final class StatusRules {

    private final Instant now;

    StatusRules(Instant now) {
        this.now = now;
    }

    /**
     * Derives the status.
     *
     * @param failures the failures since the last key, or null
     * @param open the request that has no outcome yet, or null
     * @param failure the event of the last failure; null if there is none, or if it is not retained
     * @param dueAt when the credential is due; null if the schedule does not name it
     * @param adoption how each expected consumer stands with the key; null if adoption is not followed
     */
    CredentialStatus status(
            CredentialId credential,
            LedgerEntry entry,
            @Nullable FailureStreak failures,
            @Nullable Open open,
            @Nullable RotationFailed failure,
            @Nullable Instant dueAt,
            @Nullable List<Adoption> adoption) {
        LastKey key = entry.lastKey();
        Instant unadoptedSince = adoption == null ? null : KeyAdoption.unadoptedSince(entry, adoption, now);
        State state = state(entry, unadoptedSince, failures, open, dueAt);
        return new CredentialStatus(
                credential.companyId(),
                credential.apiCredentialId(),
                state,
                since(state, entry, unadoptedSince, failures, open, dueAt),
                key == null ? null : key.fingerprint(),
                key == null ? null : key.previousFingerprint(),
                entry.lastRotationAt(),
                key == null ? null : key.usableFrom(),
                key == null ? null : key.previousKeyExpiresAt(),
                open,
                failure(failures, failure),
                adoption);
    }

    private State state(
            LedgerEntry entry,
            @Nullable Instant unadoptedSince,
            @Nullable FailureStreak failures,
            @Nullable Open open,
            @Nullable Instant dueAt) {
        LastKey key = entry.lastKey();
        if (entry.drift() != null) {
            return State.DRIFTED;
        }
        if (unadoptedSince != null) {
            return State.UNADOPTED;
        }
        if (failures != null) {
            return State.FAILED;
        }
        if (dueAt != null && DueDates.isOverdue(dueAt, now)) {
            return State.OVERDUE;
        }
        if (entry.unfinished() != null || open != null) {
            return State.ROTATING;
        }
        if (key != null && now.isBefore(key.usableFrom())) {
            return State.ACTIVATING;
        }
        if (key != null && now.isBefore(key.previousKeyExpiresAt())) {
            return State.OVERLAP;
        }
        if (dueAt != null && !now.isBefore(dueAt)) {
            return State.DUE;
        }
        return entry.lastRotationAt() == null ? State.UNKNOWN : State.FRESH;
    }

    private static @Nullable Instant since(
            State state,
            LedgerEntry entry,
            @Nullable Instant unadoptedSince,
            @Nullable FailureStreak failures,
            @Nullable Open open,
            @Nullable Instant dueAt) {
        LastKey key = entry.lastKey();
        UnfinishedRotation unfinished = entry.unfinished();
        return switch (state) {
            case DRIFTED -> entry.drift() == null ? null : entry.drift().seenAt();
            case UNADOPTED -> unadoptedSince;
            case FAILED -> failures == null ? null : failures.failedAt();
            case OVERDUE -> dueAt == null ? null : dueAt.plus(DueDates.OVERDUE_AFTER);
            case ROTATING -> unfinished != null ? unfinished.startedAt() : open == null ? null : open.requestedAt();
            case ACTIVATING -> entry.lastRotationAt();
            case OVERLAP -> key == null ? null : key.usableFrom();
            case DUE -> dueAt;
            case FRESH -> key == null ? entry.lastRotationAt() : key.previousKeyExpiresAt();
            case UNKNOWN -> null;
        };
    }

    private static @Nullable Failure failure(@Nullable FailureStreak last, @Nullable RotationFailed event) {
        return last == null
                ? null
                : new Failure(
                        last.requestId(),
                        event == null ? null : event.code(),
                        event == null ? null : event.detail(),
                        last.failedAt(),
                        last.inARow());
    }
}
