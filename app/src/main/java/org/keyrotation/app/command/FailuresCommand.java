package org.keyrotation.app.command;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.keyrotation.app.status.RelativeTime;
import org.keyrotation.app.terminal.Table;
import org.keyrotation.app.terminal.Terminal;
import org.keyrotation.model.FailuresReport;
import org.keyrotation.model.OpenFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command that shows the failures that no key has followed. */
@Command(
        name = "failures",
        description = {
            "Shows the newest failure of each credential that no key has followed, the newest first, and each failure of a"
                    + " request that could not be read. A long reason is cut: status CREDENTIAL and -o json show it whole.",
            "Reads topics only: calls no API, reads no key, changes nothing."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  key-rotation failures --since PT6H",
            "  key-rotation failures --company AcmeCorp --code FORBIDDEN",
            "The command replay, with the same filters, requests these rotations again."
        },
        sortOptions = false,
        usageHelpAutoWidth = true)
final class FailuresCommand extends DataCommand {

    @Mixin
    private FailureFilters filters;

    @Override
    public Integer call() throws Exception {
        try (CommandContext context = CommandContext.start(program.configFile(), false)) {
            context.warnIfThereIsNoLedger();
            List<OpenFailure> failures = filters.read(context, context.ledger().entries());
            output.print(new FailuresReport(failures, List.of()), () -> table(failures, Instant.now()));
            return ExitStatus.DONE;
        }
    }

    static String table(List<OpenFailure> failures, Instant now) {
        if (failures.isEmpty()) {
            return "No failure is without a later key.\n";
        }
        Table table = new Table("CREDENTIAL", "CODE", "FAILED", "IN A ROW", "WHY").fit(Table.WIDTH);
        failures.forEach(failure -> table.add(
                name(failure),
                failure.code(),
                RelativeTime.of(failure.failedAt(), now),
                failure.inARow(),
                why(failure)));
        return table.render(Terminal.colours()) + counts(failures);
    }

    /** The credential, or in parentheses the record of a request that could not be read. */
    private static Object name(OpenFailure failure) {
        return failure.credential() == null ? "(" + Table.text(failure.source()) + ")" : failure.credential();
    }

    private static String why(OpenFailure failure) {
        return failure.detail() == null ? "its reason is no longer on the failures topic" : failure.detail();
    }

    private static String countedAs(OpenFailure failure) {
        return failure.code() == null ? "without its event" : failure.code().name();
    }

    private static String counts(List<OpenFailure> failures) {
        return failures.stream()
                .collect(groupingBy(FailuresCommand::countedAs, TreeMap::new, counting()))
                .entrySet()
                .stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(joining(", ", "\n", "\n"));
    }

    @Override
    FailuresReport failed(List<String> problems) {
        return new FailuresReport(List.of(), problems);
    }
}
