package org.keyrotation.app.command;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.job.Job;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The command behind {@link Job.Kind#ONCE}. */
@Command(
        name = "run",
        description =
                "Requests all rotations that are due by rotation.schedule.*, rotates them and all other open requests, and shows the outcomes.",
        sortOptions = false,
        usageHelpAutoWidth = true)
final class RunCommand implements Callable<Integer> {

    @ParentCommand
    private KeyRotation program;

    @Option(names = "--timeout", paramLabel = "DURATION", description = "The maximum duration (default PT1H).")
    @Nullable
    Duration timeout;

    @Override
    public Integer call() throws Exception {
        return JobRunner.runForTable(Job.Kind.ONCE, timeout, program.configFile());
    }
}
