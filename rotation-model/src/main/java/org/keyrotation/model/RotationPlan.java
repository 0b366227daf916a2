package org.keyrotation.model;

import java.util.List;

/**
 * What the schedule makes of the whole fleet.
 *
 * @param rotations one for each credential
 * @param problems why some may be missing: a company that cannot be listed, a line that is no target
 */
public record RotationPlan(List<PlannedRotation> rotations, List<String> problems) {

    public RotationPlan {
        rotations = List.copyOf(rotations);
        problems = List.copyOf(problems);
    }

    public List<PlannedRotation> due() {
        return rotations.stream().filter(PlannedRotation::isDue).toList();
    }

    /** Whether a request of the last day failed, so that it is not made again yet. */
    public boolean failed() {
        return rotations.stream().anyMatch(each -> each.state() == PlannedRotation.State.FAILED);
    }

    /** What asks for all that is due. */
    public List<RotationRequest> requests() {
        return due().stream().map(PlannedRotation::request).toList();
    }
}
