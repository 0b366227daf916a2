package org.keyrotation.app.command;

import java.util.List;
import org.keyrotation.app.service.Service;
import org.keyrotation.model.CheckReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks all that the service needs around it. */
@Command(
        name = "check",
        description = {
            "Checks what the service needs, with its configuration, and changes nothing: brokers, topics with their settings"
                    + " and permissions, consumer groups, the ledger, each API authentication with its role, and the clock.",
            "",
            "A line each says ok, warning, failed or skipped. It checks everything, also after a failure.",
            "",
            "With --local it asks only the service on this machine whether it is ready.",
            ""
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  key-rotation check",
            "  key-rotation check --config rotation.properties -o json",
            "  key-rotation check --local"
        })
final class CheckCommand extends DataCommand {

    @Option(
            names = "--local",
            description = "Checks only that the service on this machine is ready, by its port of health and metrics.")
    private boolean local;

    @Override
    Object failed(List<String> problems) {
        return new CheckReport(List.of(), problems);
    }

    @Override
    public Integer call() throws Exception {
        Checks checks = new Checks();
        if (local) {
            new LocalCheck(Service.readiness(program.configFile(), System.getenv()), checks).run();
        } else {
            checkEverything(checks);
        }
        output.print(checks.report(), checks::table);
        return checks.haveFailed() ? ExitStatus.FAILED : ExitStatus.DONE;
    }

    private void checkEverything(Checks checks) throws Exception {
        try (CommandContext context = CommandContext.start(program.configFile(), true)) {
            new KafkaChecks(context, checks).run();
            new ApiChecks(context, checks).run();
        }
    }
}
