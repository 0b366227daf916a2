package org.keyrotation.app.command;

import java.util.List;
import org.keyrotation.model.CheckReport;
import picocli.CommandLine.Command;

/** Checks all that the service needs around it. */
@Command(
        name = "check",
        description = {
            "Checks what the service needs, with its configuration, and changes nothing: brokers, topics with their settings"
                    + " and permissions, consumer groups, the ledger, each API authentication with its role, and the clock.",
            "",
            "A line each says ok, warning, failed or skipped. It checks everything, also after a failure.",
            ""
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        footerHeading = "%nExamples:%n",
        footer = {"  key-rotation check", "  key-rotation check --config rotation.properties -o json"})
final class CheckCommand extends DataCommand {

    @Override
    Object failed(List<String> problems) {
        return new CheckReport(List.of(), problems);
    }

    @Override
    public Integer call() throws Exception {
        try (CommandContext context = CommandContext.start(program.configFile(), true)) {
            Checks checks = new Checks();
            new KafkaChecks(context, checks).run();
            new ApiChecks(context, checks).run();
            output.print(checks.report(), checks::table);
            return checks.haveFailed() ? ExitStatus.FAILED : ExitStatus.DONE;
        }
    }
}
