package org.keyrotation.app.command;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.failures.OpenFailures;
import org.keyrotation.app.terminal.Table;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.OpenFailure;
import org.keyrotation.model.RequestsReport;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.ledger.LedgerEntry;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Requests again what has failed. */
@Command(
        name = "replay",
        description = {
            "Requests again the rotations that failed and that no key has followed: the newest failure of each credential.",
            "",
            "Each is a new request with a new id. The command failures, with the same filters, shows them.",
            ""
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  key-rotation replay --code FORBIDDEN --dry-run",
            "  key-rotation replay --since PT6H --company AcmeCorp --limit 300 --wait",
            "  key-rotation replay 0b5c8f2e-6d1c-4c6e-9b0a-3f0f4b7b7a11"
        })
final class ReplayCommand extends DataCommand {

    private static final int MAX_REASON_LENGTH = 500;

    @Spec
    private CommandSpec spec;

    @ArgGroup
    private @Nullable Selection selection;

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = Limit.Converter.class,
            description = "Requests nothing if more than N credentials are selected (default ${DEFAULT-VALUE}).")
    private Limit limit = new Limit(100);

    @Mixin
    private RequestOptions options;

    /** Failures by their requests, or by filters. */
    static final class Selection {
        @Parameters(
                paramLabel = "REQUEST_ID",
                arity = "1..*",
                description = "The ids of failed requests. Without ids and filters: all failures of the last 7 days.")
        private @Nullable List<String> requestIds;

        @ArgGroup(exclusive = false)
        private @Nullable FailureFilters filters;
    }

    /** A request to make again, by its failure. */
    private record Replay(CredentialId credential, @Nullable String requestId, @Nullable String reason) {}

    @Override
    Object failed(List<String> problems) {
        return new RequestsReport(List.of(), problems);
    }

    @Override
    public Integer call() throws Exception {
        options.validateRequestedBy(spec.commandLine());
        try (CommandContext context = CommandContext.start(program.configFile(), false)) {
            BulkRequest.requireTopics(context, options);
            // Before the ledger is read: any key that it does not have yet satisfies the requests.
            Instant requestedAt = Instant.now();
            List<String> problems = new ArrayList<>();
            Map<CredentialId, LedgerEntry> ledger = context.ledger().entries();
            List<Replay> replays = selection == null || selection.requestIds == null
                    ? filtered(context, ledger, problems)
                    : named(context, ledger, selection.requestIds, problems);
            List<Replay> notRequestedAgain = notRequestedAgain(context, ledger, replays, problems);
            limit.require(notRequestedAgain.size());
            List<RotationRequest> requests = notRequestedAgain.stream()
                    .map(replay -> options.request(replay.credential, reason(replay), requestedAt))
                    .toList();
            return new BulkRequest(context, options, output, requests, problems, program.config)
                    .execute(Confirmation.ofTerminal(false));
        }
    }

    private static List<Replay> notRequestedAgain(
            CommandContext context, Map<CredentialId, LedgerEntry> ledger, List<Replay> replays, List<String> problems)
            throws Exception {
        if (replays.isEmpty()) {
            return replays;
        }
        NewerRequests newer = new NewerRequests(ledger, context.openRequests());
        List<Replay> remaining = new ArrayList<>();
        for (Replay replay : replays) {
            if (newer.hasAnyAfter(replay.credential, replay.requestId)) {
                problems.add("%s is requested again already: not requested".formatted(replay.credential));
            } else {
                remaining.add(replay);
            }
        }
        return remaining;
    }

    private List<Replay> filtered(CommandContext context, Map<CredentialId, LedgerEntry> ledger, List<String> problems)
            throws Exception {
        FailureFilters filters =
                selection == null || selection.filters == null ? new FailureFilters() : selection.filters;
        List<Replay> replays = new ArrayList<>();
        for (OpenFailure failure : filters.read(context, ledger)) {
            CredentialId credential = failure.credential();
            if (credential == null) {
                problems.add("The request at %s could not be read, so that its credential is unknown: not requested"
                        .formatted(failure.source()));
            } else {
                replays.add(new Replay(credential, failure.requestId(), failure.reason()));
            }
        }
        return replays;
    }

    private List<Replay> named(
            CommandContext context,
            Map<CredentialId, LedgerEntry> ledger,
            List<String> requestIds,
            List<String> problems)
            throws Exception {
        String topic = context.settings().publish().failuresTopic();
        OpenFailures failures = context.reading(() -> OpenFailures.read(context.kafka(), topic, ledger, Instant.EPOCH));
        List<RotationFailed> named = new ArrayList<>();
        List<OpenFailure> withoutEvent = new ArrayList<>();
        for (String requestId : new LinkedHashSet<>(requestIds)) {
            List<RotationFailed> events = failures.ofRequest(requestId);
            List<OpenFailure> others = failures.ofRequestWithoutEvent(requestId);
            if (events.isEmpty() && others.isEmpty()) {
                throw unknown(requestId, topic);
            }
            named.addAll(events);
            withoutEvent.addAll(others);
        }
        Map<CredentialId, Replay> replays = new LinkedHashMap<>();
        named.stream().sorted(comparing(RotationFailed::failedAt).reversed()).forEach(event -> {
            CredentialId credential = requireCredential(event);
            if (failures.isFollowedByKey(event)) {
                problems.add("A key has followed request %s of %s: not requested".formatted(event.id(), credential));
            } else {
                replays.putIfAbsent(credential, new Replay(credential, event.requestId(), event.reason()));
            }
        });
        for (OpenFailure failure : withoutEvent) {
            CredentialId credential = requireNonNull(failure.credential());
            replays.putIfAbsent(credential, new Replay(credential, failure.requestId(), null));
        }
        return List.copyOf(replays.values());
    }

    private ParameterException unknown(String requestId, String topic) {
        return new ParameterException(
                spec.commandLine(),
                "argument REQUEST_ID: topic %s has no failure of request '%s', expected an id that failures -o json shows"
                        .formatted(topic, Table.text(requestId)));
    }

    private CredentialId requireCredential(RotationFailed event) {
        CredentialId credential = event.credential();
        if (credential == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "argument REQUEST_ID: request '%s' could not be read, expected one whose credential is known"
                            .formatted(Table.text(event.id())));
        }
        return credential;
    }

    private static String reason(Replay replay) {
        String reason = "replay of " + replay.requestId + (replay.reason == null ? "" : ": " + replay.reason);
        int length = reason.codePointCount(0, reason.length());
        return length <= MAX_REASON_LENGTH
                ? reason
                : reason.substring(0, reason.offsetByCodePoints(0, MAX_REASON_LENGTH));
    }
}
