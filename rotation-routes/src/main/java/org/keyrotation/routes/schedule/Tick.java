package org.keyrotation.routes.schedule;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.model.RotationRequest;

/**
 * One run of the schedule.
 *
 * @param completeAt the time of a run that could list the whole fleet and was free to request rotations; otherwise null
 */
record Tick(RotationPlan plan, @Nullable Instant completeAt) {

    List<RotationRequest> requests() {
        return plan.requests();
    }
}
