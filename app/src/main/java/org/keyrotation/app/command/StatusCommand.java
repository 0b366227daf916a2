package org.keyrotation.app.command;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.status.CredentialStatuses;
import org.keyrotation.app.status.Timeline;
import org.keyrotation.app.terminal.Table;
import org.keyrotation.app.terminal.Terminal;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.CredentialStatus;
import org.keyrotation.model.CredentialStatus.State;
import org.keyrotation.model.StatusReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that shows the state of credentials. */
@Command(
        name = "status",
        description = {
            "Shows the state of each credential, those that need a person first.",
            "Of one CREDENTIAL, shows all that is known, with a timeline as far as the topics retain it."
                    + " Reads topics only: calls no API, reads no key, changes nothing."
        },
        footerHeading = "%nStates, in the order in which they are listed:%n",
        footer = {
            "  DRIFTED     the API has a key that was rotated by hand",
            "  UNADOPTED   a consumer has not adopted the key, and half of the overlap is over",
            "  FAILED      the last request ended in a failure, and no key followed",
            "  OVERDUE     due by rotation.schedule.* for more than a day",
            "  ROTATING    a rotation is started, or a request is queued or deferred",
            "  ACTIVATING  the new key does not work yet",
            "  OVERLAP     the new key works, and the previous one still does",
            "  DUE         due by rotation.schedule.*",
            "  FRESH       rotated, and nothing is to be done",
            "  UNKNOWN     never rotated here",
            "",
            "Examples:",
            "  key-rotation status --company AcmeCorp --state FAILED",
            "  key-rotation status AcmeCorp/S2-0001",
            "  key-rotation status -o json | jq '.credentials[].state'"
        },
        sortOptions = false,
        usageHelpAutoWidth = true)
final class StatusCommand extends DataCommand {

    @Parameters(
            paramLabel = "CREDENTIAL",
            arity = "0..*",
            description =
                    "Only these, each as companyId/apiCredentialId. Default: all that the ledger knows or a request is open for.")
    private List<String> names = List.of();

    @Option(
            names = "--company",
            paramLabel = "ID",
            converter = Ids.Company.class,
            description = "Only credentials of this company.")
    private @Nullable String companyId;

    @Option(names = "--state", paramLabel = "STATE", description = "Only credentials in this state, such as FAILED.")
    private @Nullable State state;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        List<CredentialId> credentials = Ids.credentials(names, spec.commandLine());
        try (CommandContext context = CommandContext.start(program.configFile(), false)) {
            context.warnIfThereIsNoLedger();
            CredentialStatuses statuses = context.reading(
                    () -> CredentialStatuses.read(context.camel(), context.settings(), context::ledger));
            List<CredentialStatus> selected = (credentials.isEmpty() ? statuses.all() : statuses.of(credentials))
                    .stream()
                            .filter(status -> companyId == null || companyId.equals(status.companyId()))
                            .filter(status -> state == null || state == status.state())
                            .toList();
            StatusText text = new StatusText(statuses, Terminal.colours());
            if (credentials.size() == 1 && selected.size() == 1 && !output.isJson()) {
                CredentialStatus one = selected.get(0);
                Timeline timeline = context.reading(() -> Timeline.read(
                        context.kafka(), context.settings(), one.credential(), statuses.entry(one.credential())));
                output.print(one, () -> text.details(one, timeline));
            } else {
                output.print(new StatusReport(selected, statuses.problems()), () -> text.table(selected));
            }
            statuses.problems().forEach(problem -> System.err.println("Incomplete status: " + Table.text(problem)));
            return statuses.problems().isEmpty() ? ExitStatus.DONE : ExitStatus.FAILED;
        }
    }

    @Override
    StatusReport failed(List<String> problems) {
        return new StatusReport(List.of(), problems);
    }
}
