package org.keyrotation.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.PlannedRotation.State;

/**
 * The JSON document of the command that shows the plan.
 *
 * @param credentials the schedule's decision on each target
 * @param problems why the command failed, or why the plan may be incomplete; empty if it has nothing to report
 */
public record PlanReport(List<Credential> credentials, @Nullable List<String> problems) {

    public PlanReport {
        credentials = List.copyOf(credentials);
        problems = problems == null ? List.of() : List.copyOf(problems);
    }

    /** Returns the document of a plan. */
    public static PlanReport of(RotationPlan plan) {
        return new PlanReport(plan.rotations().stream().map(Credential::of).toList(), plan.problems());
    }

    /**
     * The decision on one credential.
     *
     * @param companyId the company account that owns the credential
     * @param apiCredentialId the API credential
     * @param state the decision
     * @param dueAt when the key is due for rotation; null if it never is
     * @param requestId the id of the request that rotates the key; null unless the key is due
     * @param detail the reason for the decision, for a person to read
     */
    public record Credential(
            String companyId,
            String apiCredentialId,
            State state,
            @Nullable Instant dueAt,
            @Nullable String requestId,
            String detail) {

        /** Returns the decision as the plan has it. */
        public static Credential of(PlannedRotation planned) {
            return new Credential(
                    planned.credential().companyId(),
                    planned.credential().apiCredentialId(),
                    planned.state(),
                    planned.dueAt(),
                    planned.requestId(),
                    planned.detail());
        }
    }
}
