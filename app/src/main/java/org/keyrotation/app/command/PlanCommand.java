package org.keyrotation.app.command;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.job.Job;
import org.keyrotation.model.PlanReport;
import org.keyrotation.model.RotationPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command behind {@link Job.Kind#PLAN}. */
@Command(
        name = "plan",
        description = "Shows the plan: what the schedule would rotate now, and why not the rest. Changes nothing.",
        sortOptions = false,
        usageHelpAutoWidth = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  key-rotation plan --config rotation.properties",
            "  key-rotation plan -o json | jq -r '.credentials[] | select(.state==\"DUE\").apiCredentialId'"
        })
final class PlanCommand extends DataCommand {

    @Option(names = "--timeout", paramLabel = "DURATION", description = "The maximum duration (default PT1M).")
    @Nullable
    Duration timeout;

    @Override
    PlanReport failed(List<String> problems) {
        return new PlanReport(List.of(), problems);
    }

    @Override
    public Integer call() throws Exception {
        Job job = JobRunner.run(Job.Kind.PLAN, timeout, program.configFile());
        RotationPlan plan = job.plan();
        output.print(plan == null ? failed(job.problems()) : PlanReport.of(plan), job::table);
        return job.exitStatus();
    }
}
