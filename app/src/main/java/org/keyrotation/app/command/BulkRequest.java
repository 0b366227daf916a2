package org.keyrotation.app.command;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.follow.FollowedRequest;
import org.keyrotation.app.follow.FollowedRequests;
import org.keyrotation.app.terminal.Table;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RequestReport;
import org.keyrotation.model.RequestReport.Outcome;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RequestsReport;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.Ledger;

/** Requests that a command makes together: confirmed, sent, followed to their outcomes, and shown. */
final class BulkRequest {

    private static final String NOTHING = "Nothing was requested.";

    private final CommandContext context;
    private final RequestOptions options;
    private final Output output;
    private final List<RotationRequest> requests;
    private final List<String> problems;
    private final @Nullable Path configFile;
    private final PrintStream err = System.err;

    /**
     * Creates requests that are not made yet.
     *
     * @param problems why the command does not request other rotations
     * @param configFile the argument of {@code --config}, or null
     */
    BulkRequest(
            CommandContext context,
            RequestOptions options,
            Output output,
            List<RotationRequest> requests,
            List<String> problems,
            @Nullable Path configFile) {
        this.context = context;
        this.options = options;
        this.output = output;
        this.requests = List.copyOf(requests);
        this.problems = List.copyOf(problems);
        this.configFile = configFile;
    }

    /**
     * Checks that the topics exist, and that the ledger is of the API of this configuration.
     *
     * @throws CommandException if a topic does not exist
     * @throws org.keyrotation.routes.ledger.OtherApiException if the ledger is of another API
     */
    static void requireTopics(CommandContext context, RequestOptions options) throws Exception {
        Ledger unused = context.ledger();
        List<String> topics =
                new ArrayList<>(List.of(context.settings().intake().requestsTopic()));
        if (options.wait != null) {
            topics.add(context.settings().ledger().topic());
            topics.add(context.settings().publish().failuresTopic());
            topics.add(context.settings().publish().satisfiedTopic());
        }
        for (String topic : topics) {
            if (!context.exists(topic)) {
                throw new CommandException(
                        ExitStatus.FAILED,
                        "Topic %s does not exist, expected that the service has created it; nothing was requested"
                                .formatted(topic));
            }
        }
    }

    /** Requests the rotations, and returns the exit status. */
    int execute(Confirmation confirmation) throws Exception {
        problems.forEach(problem -> err.println(Table.text(problem)));
        if (options.dryRun || requests.isEmpty()) {
            return showNothing();
        }
        List<CredentialId> credentials =
                requests.stream().map(RotationRequest::credential).toList();
        context.interruption().nothingIsRequested();
        confirmation.require(context.settings().api(), credentials, options.force, options.yes);
        if (options.force) {
            confirmation.requireDespite(pendingAdoption(credentials), credentials.size(), options.yes);
        }
        if (options.wait == null) {
            return send() ? ExitStatus.DONE : ExitStatus.FAILED;
        }
        return sendAndWait(Instant.now().plus(options.wait));
    }

    /** A forced rotation may be an emergency: it does not depend on what adoption only informs of. */
    private Map<CredentialId, List<String>> pendingAdoption(List<CredentialId> credentials) throws Exception {
        try {
            return context.pendingAdoption(credentials);
        } catch (CommandException e) {
            err.println("It is not known who has adopted the current keys: " + e.getMessage());
            return Map.of();
        }
    }

    private int showNothing() {
        List<RequestReport> reports = requests.stream()
                .map(request -> report(request, null, "not requested: dry run"))
                .toList();
        output.print(new RequestsReport(reports, problems), () -> credentialTable() + count() + NOTHING + "\n");
        if (output.isJson()) {
            err.println(NOTHING);
        }
        return ExitStatus.DONE;
    }

    private String count() {
        return requests.isEmpty()
                ? ""
                : "%d %s at %s.%n"
                        .formatted(
                                requests.size(),
                                (options.force ? "forced " : "") + (requests.size() == 1 ? "rotation" : "rotations"),
                                context.settings().api().host());
    }

    private String credentialTable() {
        Table table = new Table("CREDENTIAL", "REASON");
        requests.forEach(request -> table.add(request.credential(), request.reason()));
        return table.isEmpty() ? "" : table.toString();
    }

    /** Returns whether Kafka has acknowledged all requests; otherwise shows which it has. */
    private boolean send() throws InterruptedException {
        context.interruption().requesting(hint());
        Map<RotationRequest, String> failures =
                RequestSender.send(context.kafka(), context.settings().intake().requestsTopic(), requests);
        if (failures.isEmpty() && options.wait != null) {
            return true;
        }
        List<String> all = new ArrayList<>(problems);
        if (!failures.isEmpty()) {
            all.add("%d of %d requests are not acknowledged: see the detail of each"
                    .formatted(failures.size(), requests.size()));
            err.println(all.get(all.size() - 1));
        }
        List<RequestReport> reports = requests.stream()
                .map(request -> report(request, null, failures.get(request)))
                .toList();
        output.print(new RequestsReport(reports, all), () -> requestTable(reports));
        err.println(hint());
        return failures.isEmpty();
    }

    private static String requestTable(List<RequestReport> reports) {
        Table table = new Table("CREDENTIAL", "REQUEST", "");
        reports.forEach(report -> table.add(
                report.credential(), report.requestId(), report.detail() == null ? "requested" : report.detail()));
        return table.toString();
    }

    private int sendAndWait(Instant deadline) throws Exception {
        try (FollowedRequests followed = context.reading(
                () -> FollowedRequests.begin(context.kafka(), context.settings().publish()))) {
            requests.forEach(request -> followed.follow(FollowedRequest.made(request)));
            if (!send()) {
                return ExitStatus.FAILED;
            }
            context.interruption().waiting();
            return show(followed, isInterruptedWhileWaiting(followed, deadline));
        }
    }

    /** After an interrupt, the JVM exits with the status of its signal. */
    @SuppressWarnings("UnusedException") // the interruption tells
    private boolean isInterruptedWhileWaiting(FollowedRequests followed, Instant deadline) throws Exception {
        try {
            new OutcomeWait(context, followed, err).await(deadline);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private int show(FollowedRequests followed, boolean isInterrupted) {
        List<RequestReport> reports = followed.all().stream().map(this::report).toList();
        output.print(new RequestsReport(reports, problems), () -> outcomeTable(reports));
        boolean isAnyOpen = !followed.open().isEmpty();
        if (isAnyOpen && !isInterrupted) {
            err.println(hint());
        }
        boolean isAnyFailed = reports.stream().anyMatch(report -> report.outcome() == Outcome.FAILED);
        return isAnyFailed ? ExitStatus.FAILED : isAnyOpen ? ExitStatus.STILL_OPEN : ExitStatus.DONE;
    }

    /** What failed comes first. */
    static String outcomeTable(List<RequestReport> reports) {
        Table table = new Table("CREDENTIAL", "OUTCOME", "WHY").fit(Table.WIDTH);
        List<String> counts = new ArrayList<>();
        for (Outcome outcome : Outcome.values()) {
            List<RequestReport> rows = reports.stream()
                    .filter(report -> report.outcome() == outcome)
                    .sorted(comparing(report -> report.credential().toString()))
                    .toList();
            rows.forEach(report -> table.add(report.credential(), Table.label(outcome), report.detail()));
            if (!rows.isEmpty()) {
                counts.add(rows.size() + " " + Table.label(outcome));
            }
        }
        return table + String.join(", ", counts) + "\n";
    }

    private RequestReport report(FollowedRequest followed) {
        RotationRequest request = requireNonNull(followed.request());
        return report(request, Outcome.valueOf(followed.state().name()), detail(followed, request.credential()));
    }

    private String detail(FollowedRequest followed, CredentialId credential) {
        LastKey key = followed.state() == RequestState.ROTATED ? context.lastKey(credential) : null;
        return key == null
                ? followed.detail()
                : "usable from " + key.usableFrom().truncatedTo(ChronoUnit.SECONDS);
    }

    private static RequestReport report(RotationRequest request, @Nullable Outcome outcome, @Nullable String detail) {
        return new RequestReport(
                String.valueOf(request.requestId()),
                request.companyId(),
                request.apiCredentialId(),
                outcome,
                detail == null || detail.isEmpty() ? null : detail);
    }

    private String hint() {
        return hint(requests, configFile);
    }

    static String hint(List<RotationRequest> requests, @Nullable Path configFile) {
        List<String> companies =
                requests.stream().map(RotationRequest::companyId).distinct().toList();
        String arguments = requests.size() == 1
                ? " " + requests.get(0).credential()
                : companies.size() == 1 ? " --company " + companies.get(0) : "";
        String config = configFile == null ? "" : " --config " + quoted(configFile.toString());
        return "To see what becomes of them: key-rotation status" + config + arguments;
    }

    /** Quotes an argument for a shell, if it needs that. */
    private static String quoted(String argument) {
        return argument.matches("[\\w./:@%+=,-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
