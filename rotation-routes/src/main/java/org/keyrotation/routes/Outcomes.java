package org.keyrotation.routes;

import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.routes.publish.Outcome;

/** What became of a request, as an application is told it. */
final class Outcomes {

    private Outcomes() {}

    static RotationOutcome forApplication(Outcome outcome) {
        if (outcome instanceof Outcome.Satisfied satisfied) {
            return new RotationOutcome.Satisfied(satisfied.request(), satisfied.lastRotationAt());
        }
        if (outcome instanceof Outcome.Deferred deferred) {
            return new RotationOutcome.Deferred(
                    deferred.request(), String.valueOf(deferred.deferral().lastError()));
        }
        return told((Outcome.Told) outcome);
    }

    private static RotationOutcome told(Outcome.Told told) {
        return told.event() instanceof ClientKeyRotated rotated
                ? new RotationOutcome.Rotated(rotated)
                : new RotationOutcome.Failed((RotationFailed) told.event());
    }
}
