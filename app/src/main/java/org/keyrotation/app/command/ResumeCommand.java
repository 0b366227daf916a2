package org.keyrotation.app.command;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.PauseReport;
import org.keyrotation.routes.ledger.LedgerControl.Pause;
import picocli.CommandLine.Command;

/** Ends the pause of the schedule of the whole fleet. */
@Command(
        name = "resume",
        description = {
            "Ends a pause of the schedule of the whole fleet. What became due meanwhile is requested from the next tick on,"
                    + " in the window and over the spread.",
            ""
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        footerHeading = "%nExample:%n",
        footer = "  key-rotation resume")
final class ResumeCommand extends DataCommand {

    private static final String STILL_PAUSED =
            "rotation.schedule.paused=true: still pauses each instance that has this configuration";

    @Override
    Object failed(List<String> problems) {
        return PauseReport.failed(problems);
    }

    @Override
    public Integer call() throws Exception {
        try (CommandContext context = CommandContext.start(program.configFile(), false)) {
            SchedulePause schedule = SchedulePause.read(context);
            Pause last = schedule.last();
            boolean wasPaused = last != null && last.isActive(Instant.now());
            Pause resumed = last == null || !last.paused() ? last : schedule.write(false, null);
            List<String> problems = context.settings().schedule().paused() ? List.of(STILL_PAUSED) : List.of();
            problems.forEach(System.err::println);
            output.print(
                    report(resumed, problems),
                    () -> wasPaused ? "The schedule is resumed.\n" : "The schedule was not paused.\n");
            return ExitStatus.DONE;
        }
    }

    private static PauseReport report(@Nullable Pause resumed, List<String> problems) {
        return resumed == null
                ? new PauseReport(false, null, null, null, problems)
                : new PauseReport(false, null, resumed.by(), resumed.at(), problems);
    }
}
