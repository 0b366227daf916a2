package org.keyrotation.app.page;

import static java.util.Comparator.reverseOrder;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.status.CredentialStatuses;
import org.keyrotation.app.status.StatusReasons;
import org.keyrotation.app.status.Timeline;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.CredentialStatus;
import org.keyrotation.model.CredentialStatus.Failure;
import org.keyrotation.model.CredentialStatus.State;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.OpenFailure;
import org.keyrotation.routes.ledger.Drift;

/** Makes the views of requests. */
final class Views {

    private final TopicReader topics;

    Views(TopicReader topics) {
        this.topics = topics;
    }

    FleetView fleet(Exchange exchange) throws InterruptedException {
        PageParameters parameters = PageParameters.of(exchange.getMessage());
        FleetSnapshot fleet = topics.fleet();
        List<CredentialStatus> found = fleet.credentials().stream()
                .filter(status -> parameters.matches(
                        status.companyId(), status.credential().toString()))
                .toList();
        Map<State, Long> counts = found.stream().collect(groupingBy(CredentialStatus::state, counting()));
        List<CredentialStatus> selected = found.stream()
                .filter(status -> parameters.state() == null || parameters.state() == status.state())
                .toList();
        StatusReasons reasons = new StatusReasons(fleet.statuses());
        Paging paging = Paging.of(selected, parameters, Frame.FLEET);
        return new FleetView(
                frame("Fleet", Frame.FLEET, parameters, fleet),
                fleet.urgent(),
                fleet.credentials().size(),
                fleet.unreadable(),
                Arrays.stream(State.values())
                        .map(state -> new FleetView.Count(
                                state,
                                counts.getOrDefault(state, 0L).intValue(),
                                parameters.withState(state).href(Frame.FLEET),
                                state == parameters.state()))
                        .toList(),
                parameters.withState(null).href(Frame.FLEET),
                fleet.companies(),
                paging.rows(selected).stream()
                        .map(status -> new FleetView.Row(
                                status.credential().toString(),
                                href(status.credential(), parameters),
                                status.state(),
                                moment(status.since(), fleet),
                                reasons.of(status)))
                        .toList(),
                paging);
    }

    CredentialView credential(Exchange exchange) throws InterruptedException {
        PageParameters parameters = PageParameters.of(exchange.getMessage()).ofOtherView();
        CredentialId credential = credentialId(exchange);
        FleetSnapshot fleet = topics.fleet();
        CredentialStatus status = fleet.find(credential)
                .orElseThrow(() -> PageProblemException.notFound("No credential " + credential + " is known here."));
        Instant now = fleet.statuses().now();
        Timeline timeline = topics.timeline(credential);
        return new CredentialView(
                frame(credential.toString(), path(credential), parameters, fleet),
                status.state(),
                moment(status.since(), fleet),
                new StatusReasons(fleet.statuses()).of(status),
                facts(status, fleet),
                status.state() == State.DRIFTED ? null : KeyAxis.of(status, now),
                Objects.requireNonNullElse(status.adoption(), List.<CredentialStatus.Adoption>of()).stream()
                        .map(each ->
                                new CredentialView.Consumer(each.consumer(), each.state(), moment(each.at(), fleet)))
                        .toList(),
                timeline == null ? null : events(timeline, now),
                timeline != null && timeline.events().size() == TopicReader.MAX_EVENTS,
                commands(status));
    }

    private static CredentialId credentialId(Exchange exchange) {
        String companyId = exchange.getMessage().getHeader("companyId", String.class);
        String apiCredentialId = exchange.getMessage().getHeader("apiCredentialId", String.class);
        try {
            return new CredentialId(companyId, apiCredentialId);
        } catch (IllegalArgumentException e) {
            throw PageProblemException.notFound("No credential has such a name.");
        }
    }

    private static List<CredentialView.Fact> facts(CredentialStatus status, FleetSnapshot fleet) {
        List<CredentialView.Fact> facts = new ArrayList<>();
        CredentialStatuses statuses = fleet.statuses();
        Drift drift = statuses.entry(status.credential()).drift();
        add(facts, "Last rotation", status.lastRotationAt(), fleet);
        add(facts, "Key", status.keyFingerprint());
        if (drift != null) {
            add(facts, "Key at the API", drift.keyFingerprint());
        }
        add(facts, "Usable from", status.usableFrom(), fleet);
        add(facts, "Previous key", status.previousKeyFingerprint());
        add(facts, "Previous key expires", status.previousKeyExpiresAt(), fleet);
        add(facts, "Due by the schedule", statuses.dueAt(status.credential()), fleet);
        if (status.open() != null) {
            add(facts, "Open request", status.open().requestId());
            add(facts, "Requested", status.open().requestedAt(), fleet);
            add(facts, "How far it is", StatusReasons.of(status.open()));
        }
        Failure failure = status.lastFailure();
        if (failure != null) {
            add(facts, "Failures in a row", Integer.toString(failure.inARow()));
            add(facts, "Failed request", failure.requestId());
            add(facts, "Reason", failure.detail());
        }
        return facts;
    }

    private static void add(List<CredentialView.Fact> facts, String name, @Nullable String value) {
        if (value != null) {
            facts.add(new CredentialView.Fact(name, value, null));
        }
    }

    private static void add(List<CredentialView.Fact> facts, String name, @Nullable Instant time, FleetSnapshot fleet) {
        if (time != null) {
            facts.add(new CredentialView.Fact(
                    name, "", Moment.of(time, fleet.statuses().now())));
        }
    }

    private static List<CredentialView.Event> events(Timeline timeline, Instant now) {
        return timeline.events().stream()
                .sorted(Comparator.comparing(Timeline.Event::at, reverseOrder()))
                .map(event -> new CredentialView.Event(
                        Moment.of(event.at(), now), event.kind(), event.detail(), event.requestId()))
                .toList();
    }

    /** A rotation during the overlap would be refused, and by force would end the previous key. */
    private static List<Command> commands(CredentialStatus status) {
        String name = status.credential().toString();
        List<Command> commands = new ArrayList<>();
        if (status.lastFailure() != null) {
            commands.add(replay(status.lastFailure().requestId()));
        }
        switch (status.state()) {
            case DRIFTED ->
                commands.add(Command.of(
                        "Replace the key that was rotated by hand by one that the consumers get",
                        "rotate",
                        name,
                        "--reason",
                        "rotated by hand",
                        "--force",
                        "--wait"));
            case OVERDUE, DUE, FRESH, UNKNOWN ->
                commands.add(Command.of("Rotate it", "rotate", name, "--reason", "REASON", "--wait"));
            case FAILED, UNADOPTED, ROTATING, ACTIVATING, OVERLAP -> {}
        }
        commands.add(Command.of("See the same in a terminal", "status", name));
        return commands;
    }

    private static Command replay(String requestId) {
        // A requestId that begins with a hyphen must not become an option.
        return Command.of("Ask again, once the cause is mended", "replay", "--wait", "--", requestId);
    }

    FailuresView failures(Exchange exchange) throws InterruptedException {
        PageParameters parameters = PageParameters.of(exchange.getMessage());
        FleetSnapshot fleet = topics.fleet();
        Map<FailureCode, Long> counts = fleet.failures().stream()
                .map(OpenFailure::code)
                .filter(Objects::nonNull)
                .collect(groupingBy(code -> code, counting()));
        List<OpenFailure> selected = fleet.failures().stream()
                .filter(failure -> parameters.code() == null || parameters.code() == failure.code())
                .toList();
        Paging paging = Paging.of(selected, parameters, Frame.FAILURES);
        FailureCode code = parameters.code();
        return new FailuresView(
                frame("Failures", Frame.FAILURES, parameters, fleet),
                Arrays.stream(FailureCode.values())
                        .map(each -> new FailuresView.Count(
                                each,
                                counts.getOrDefault(each, 0L).intValue(),
                                parameters.withCode(each).href(Frame.FAILURES),
                                each == code))
                        .toList(),
                parameters.withCode(null).href(Frame.FAILURES),
                code == null || selected.stream().allMatch(failure -> failure.credential() == null)
                        ? null
                        : Command.of(
                                "Ask again for all of them, once the cause is mended",
                                "replay",
                                "--code",
                                code.name(),
                                "--wait"),
                paging.rows(selected).stream()
                        .map(failure -> row(failure, parameters, fleet))
                        .toList(),
                paging);
    }

    private static FailuresView.Row row(OpenFailure failure, PageParameters parameters, FleetSnapshot fleet) {
        CredentialId credential = failure.credential();
        return new FailuresView.Row(
                credential == null ? null : credential.toString(),
                credential == null ? null : href(credential, parameters),
                failure.code(),
                failure.detail(),
                Moment.of(failure.failedAt(), fleet.statuses().now()),
                failure.inARow(),
                Stream.of(failure.requestedBy(), failure.reason())
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining(": ")),
                credential == null || failure.requestId() == null ? null : replay(failure.requestId()));
    }

    /** Returns the view of a request that has no other one. It needs no topic. */
    ProblemView problem(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        return failure instanceof PageProblemException problem
                ? new ProblemView(frame(problem, exchange), problem.status(), String.valueOf(problem.getMessage()))
                : new ProblemView(frame(500), 500, "The page failed. The log of the service has the reason.");
    }

    /** A view that cannot be shown yet is asked for again. */
    private static Frame frame(PageProblemException problem, Exchange exchange) {
        return problem.isTemporary()
                ? new Frame(
                        title(problem.status()),
                        exchange.getMessage().getHeader(Exchange.HTTP_PATH, String.class),
                        PageParameters.of(exchange.getMessage()),
                        Instant.now(),
                        List.of())
                : frame(problem.status());
    }

    private static Frame frame(int status) {
        PageParameters none = new PageParameters("", null, "", null, 1, false);
        return new Frame(title(status), Frame.FLEET, none, Instant.now(), List.of());
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "That cannot be shown";
            case 404 -> "Not found";
            case 405 -> "Not allowed";
            case 421 -> "Not for this name";
            case 503 -> "Nothing can be shown yet";
            default -> "Something went wrong";
        };
    }

    private Frame frame(String title, String path, PageParameters parameters, FleetSnapshot fleet) {
        List<Frame.Notice> notices = new ArrayList<>(fleet.notices());
        String problem = topics.fleetProblem();
        if (problem != null) {
            notices.add(new Frame.Notice("Not up to date: " + problem, true));
        }
        return new Frame(title, path, parameters, fleet.statuses().now(), notices);
    }

    private static @Nullable Moment moment(@Nullable Instant time, FleetSnapshot fleet) {
        return time == null ? null : Moment.of(time, fleet.statuses().now());
    }

    private static String path(CredentialId credential) {
        return "/credentials/" + credential;
    }

    private static String href(CredentialId credential, PageParameters parameters) {
        return parameters.ofOtherView().href(path(credential));
    }
}
