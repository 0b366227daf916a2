package org.keyrotation.model;

import java.util.List;

/**
 * A plan: the schedule's decision on each target credential, at one moment.
 *
 * @param rotations the decisions, one per credential
 * @param problems why the plan may be incomplete, such as a company that cannot be listed or lists nothing, a credential
 *     that cannot be read, or an invalid target line; empty if it is complete
 */
public record RotationPlan(List<PlannedRotation> rotations, List<String> problems) {

    public RotationPlan {
        rotations = List.copyOf(rotations);
        problems = List.copyOf(problems);
    }

    /** Returns the rotations that are due now. */
    public List<PlannedRotation> due() {
        return rotations.stream().filter(PlannedRotation::isDue).toList();
    }

    /** Returns the decisions that need a person, see {@link PlannedRotation#needsAttention()}. */
    public List<PlannedRotation> needingAttention() {
        return rotations.stream().filter(PlannedRotation::needsAttention).toList();
    }

    /** Returns the requests for the rotations that are due now. */
    public List<RotationRequest> requests() {
        return due().stream().map(PlannedRotation::request).toList();
    }
}
