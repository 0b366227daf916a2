package org.keyrotation.routes;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;

/** The outcome of a request. It is published before an application receives it. */
public sealed interface RotationOutcome {

    /** A new key was generated. The event is on the keys topic. */
    record Rotated(ClientKeyRotated event) implements RotationOutcome {}

    /** The request ended without a key. The event, with the reason, is on the failures topic. */
    record Failed(RotationFailed event) implements RotationOutcome {}

    /**
     * There was nothing to do: a key that was generated after the request is there, or the request had ended before.
     *
     * @param lastRotationAt the time of the last rotation; null if the request failed before, and the credential was never
     *     rotated
     * @param event the event, which is on the satisfied topic; null if the request had ended before, with an event of its own
     */
    record Satisfied(RotationRequest request, @Nullable Instant lastRotationAt, @Nullable RequestSatisfied event)
            implements RotationOutcome {}

    /**
     * The request cannot be completed now. It waits on a retry topic and returns by itself. If both {@code
     * rotation.intake.enabled} and {@code rotation.publish.enabled} are false, the caller has to request it again.
     *
     * @param reason the last error, without any secret
     */
    record Deferred(RotationRequest request, String reason) implements RotationOutcome {}
}
