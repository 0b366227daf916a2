package org.keyrotation.app.command;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.job.Job;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The command behind {@link Job.Kind#PLAN}. */
@Command(
        name = "plan",
        description = "Shows the plan: what the schedule would rotate now, and why not the rest. Changes nothing.",
        sortOptions = false,
        usageHelpAutoWidth = true)
final class PlanCommand implements Callable<Integer> {

    @ParentCommand
    private KeyRotation program;

    @Option(names = "--timeout", paramLabel = "DURATION", description = "The maximum duration (default PT1M).")
    @Nullable
    Duration timeout;

    @Override
    public Integer call() throws Exception {
        return JobRunner.run(Job.Kind.PLAN, timeout, program.configFile());
    }
}
