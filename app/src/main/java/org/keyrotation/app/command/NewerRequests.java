package org.keyrotation.app.command;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.intake.OpenRequest;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;

/** The requests that are open or in flight after a failure: someone has requested the rotation again already. */
final class NewerRequests {

    private final Map<CredentialId, LedgerEntry> ledger;
    private final List<RotationRequest> open;

    /**
     * @param ledger its entries, read before the open requests: one that starts between the two is open, or its key is newer
     */
    NewerRequests(Map<CredentialId, LedgerEntry> ledger, Collection<OpenRequest> open) {
        this.ledger = ledger;
        this.open =
                open.stream().map(OpenRequest::request).filter(Objects::nonNull).toList();
    }

    /** Whether there is one beside the request that has failed, whose record may not be committed yet. */
    boolean hasAnyAfter(CredentialId credential, @Nullable String failedRequestId) {
        LedgerEntry entry = ledger.getOrDefault(credential, LedgerEntry.UNSEEN);
        UnfinishedRotation unfinished = entry.unfinished();
        return (unfinished != null && isOpen(entry, unfinished.requestId(), failedRequestId))
                || open.stream()
                        .filter(request -> request.credential().equals(credential))
                        .anyMatch(
                                request -> isOpen(entry, Objects.requireNonNull(request.requestId()), failedRequestId));
    }

    /** A request that gave up leaves its rotation unfinished. */
    private static boolean isOpen(LedgerEntry entry, String requestId, @Nullable String failedRequestId) {
        return !requestId.equals(failedRequestId)
                && !entry.isSettled(requestId)
                && entry.pendingFailure(requestId) == null;
    }
}
