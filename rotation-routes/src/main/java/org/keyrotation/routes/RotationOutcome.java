package org.keyrotation.routes;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;

/** What became of a rotation. It is already published when an application sees it. */
public sealed interface RotationOutcome {

    /** There is a new key, on the keys topic. */
    record Rotated(ClientKeyRotated event) implements RotationOutcome {}

    /** There is none; the reason is on the failures topic. */
    record Failed(RotationFailed event) implements RotationOutcome {}

    /**
     * Nothing was to be done: the request was settled before, or there is a key that was generated after it was made.
     *
     * @param lastRotationAt null where the request failed before, and the credential was never rotated
     */
    record Satisfied(RotationRequest request, @Nullable Instant lastRotationAt) implements RotationOutcome {}

    /**
     * It could not be done now. The request is on a retry topic, and comes back from there by itself; where both {@code
     * rotation.intake.enabled} and {@code rotation.publish.enabled} are false, it is the caller's to make again.
     */
    record Deferred(RotationRequest request, String reason) implements RotationOutcome {}
}
