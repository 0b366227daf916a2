package org.keyrotation.app.command;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.PauseReport;
import org.keyrotation.routes.ledger.LedgerControl.Pause;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Pauses the schedule of the whole fleet. */
@Command(
        name = "pause",
        description = {
            "Pauses the schedule of the whole fleet: no instance and no job requests what is due, from its next tick on.",
            "",
            "Open requests, and those that a person or another system makes, are rotated all the same. The pause"
                    + " survives restarts. It ends with --until or the command resume.",
            ""
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        footerHeading = "%nExamples:%n",
        footer = {"  key-rotation pause", "  key-rotation pause --until 2030-12-24T18:00:00Z"})
final class PauseCommand extends DataCommand {

    @Option(
            names = "--until",
            paramLabel = "INSTANT",
            converter = FutureInstant.class,
            description = "When the pause ends by itself: an ISO-8601 instant such as 2030-12-24T18:00:00Z. Default: it"
                    + " does not.")
    private @Nullable Instant until;

    @Override
    Object failed(List<String> problems) {
        return PauseReport.failed(problems);
    }

    @Override
    public Integer call() throws Exception {
        try (CommandContext context = CommandContext.start(program.configFile(), false)) {
            Pause pause = SchedulePause.read(context).write(true, until);
            output.print(new PauseReport(true, until, pause.by(), pause.at(), null), () -> text(until));
            return ExitStatus.DONE;
        }
    }

    private static String text(@Nullable Instant until) {
        return """
                The schedule is paused%s. Resume it with: key-rotation resume
                Open requests, and those that others make, are rotated all the same.
                """
                .formatted(until == null ? "" : " until " + until);
    }
}
