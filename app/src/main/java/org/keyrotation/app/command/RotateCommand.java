package org.keyrotation.app.command;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RequestsReport;
import org.keyrotation.model.RotationRequest;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Requests rotations from the service. */
@Command(
        name = "rotate",
        description = {
            "Requests that the service rotates the client keys of these credentials.",
            "",
            "Any key that is generated after the request satisfies it, so asking twice rotates once. The old key works for"
                    + " 24 hours more.",
            ""
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  key-rotation rotate AcmeCorp/S2-1 --reason 'suspected leak' --wait",
            "  key-rotation rotate --company AcmeCorp --match 'S2-00*' --reason audit",
            "  key-rotation rotate --file list.txt --reason INC-42 --force --wait=PT30M"
        })
final class RotateCommand extends DataCommand {

    @Spec
    private CommandSpec spec;

    @ArgGroup
    private @Nullable CredentialSelection selection;

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "Why the keys are rotated, at most 500 characters. It is in the events of each rotation.")
    private String reason = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = Limit.Converter.class,
            description = "Requests nothing if more than N credentials are selected. Default: no limit.")
    private @Nullable Limit limit;

    @Mixin
    private RequestOptions options;

    RequestOptions options() {
        return options;
    }

    @Override
    Object failed(List<String> problems) {
        return new RequestsReport(List.of(), problems);
    }

    @Override
    public Integer call() throws Exception {
        if (selection == null) {
            throw new ParameterException(
                    spec.commandLine(), "no credentials, expected CREDENTIAL..., --company or --file");
        }
        RequestOptions.validateReason(spec.commandLine(), reason);
        options.validateRequestedBy(spec.commandLine());
        CredentialSelection.Prepared prepared = selection.prepare(spec.commandLine());
        try (CommandContext context = CommandContext.start(program.configFile(), selection.isOfCompany())) {
            BulkRequest.requireTopics(context, options);
            Collection<CredentialId> credentials = prepared.find(context.credentials());
            if (limit != null) {
                limit.require(credentials.size());
            }
            return new BulkRequest(context, options, output, requests(credentials), List.of(), program.config)
                    .execute(Confirmation.ofTerminal(selection.isOnStandardInput()));
        }
    }

    private List<RotationRequest> requests(Collection<CredentialId> credentials) {
        Instant now = Instant.now();
        return credentials.stream()
                .map(credential -> options.request(credential, reason, now))
                .toList();
    }
}
