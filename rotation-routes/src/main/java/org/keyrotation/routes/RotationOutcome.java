package org.keyrotation.routes;

import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.model.RotationFailed;

/** What became of a rotation. It is already published when an application sees it. */
public sealed interface RotationOutcome {

    /** There is a new key, on the keys topic. */
    record Rotated(ClientKeyRotated event) implements RotationOutcome {}

    /** There is none; the reason is on the failures topic. */
    record Failed(RotationFailed event) implements RotationOutcome {}

    /** The outcome that an event tells. */
    static RotationOutcome of(RotationEvent event) {
        return event instanceof ClientKeyRotated rotated ? new Rotated(rotated) : new Failed((RotationFailed) event);
    }
}
