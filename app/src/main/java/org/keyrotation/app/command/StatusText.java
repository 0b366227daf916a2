package org.keyrotation.app.command;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.status.CredentialStatuses;
import org.keyrotation.app.status.RelativeTime;
import org.keyrotation.app.status.StatusReasons;
import org.keyrotation.app.status.Timeline;
import org.keyrotation.app.terminal.Table;
import org.keyrotation.app.terminal.Table.Coloured;
import org.keyrotation.model.CredentialStatus;
import org.keyrotation.model.CredentialStatus.Adoption;
import org.keyrotation.model.CredentialStatus.Failure;
import org.keyrotation.model.CredentialStatus.Open;
import org.keyrotation.model.CredentialStatus.State;
import org.keyrotation.routes.ledger.Drift;
import picocli.CommandLine.Help.Ansi;

/** The status of credentials as text for people. Times are in UTC. */
final class StatusText {

    private final CredentialStatuses statuses;
    private final Instant now;
    private final Ansi ansi;
    private final StatusReasons reasons;

    StatusText(CredentialStatuses statuses, Ansi ansi) {
        this.statuses = statuses;
        this.now = statuses.now();
        this.ansi = ansi;
        this.reasons = new StatusReasons(statuses);
    }

    /** One row per credential, and a line of counts. */
    String table(List<CredentialStatus> selected) {
        if (selected.isEmpty()) {
            return "No credential is selected.\n";
        }
        Table table = new Table("CREDENTIAL", "STATE", "SINCE", "WHY").fit(Table.WIDTH);
        selected.forEach(status -> table.add(
                status.credential(),
                label(status.state()),
                status.since() == null ? null : RelativeTime.of(status.since(), now),
                reasons.of(status)));
        return table.render(ansi) + counts(selected);
    }

    /** All that is known of one credential. */
    String details(CredentialStatus status, Timeline timeline) {
        Table fields = new Table(status.credential().toString(), "");
        fields.add("State", label(status.state()));
        addTime(fields, "Since", status.since());
        addTime(fields, "Last rotation", status.lastRotationAt());
        add(fields, "Key", status.keyFingerprint());
        Drift drift = statuses.entry(status.credential()).drift();
        add(
                fields,
                "Key at the API",
                drift == null ? null : "%s, found at %s".formatted(drift.keyFingerprint(), time(drift.seenAt())));
        addTime(fields, "Usable from", status.usableFrom());
        add(fields, "Previous key", status.previousKeyFingerprint());
        addTime(fields, "Previous key expires", status.previousKeyExpiresAt());
        addTime(fields, "Due by the schedule", statuses.dueAt(status.credential()));
        add(fields, "Open request", status.open() == null ? null : openDetail(status.open()));
        add(fields, "Failures in a row", status.lastFailure() == null ? null : failureDetail(status.lastFailure()));
        adoption(status).forEach(each -> add(fields, "Adoption by " + each.consumer(), adoptionDetail(each)));
        Table events = new Table("TIME", "EVENT", "DETAIL");
        timeline.events().forEach(event -> events.add(event.at(), event.kind(), detail(event)));
        return fields.render(ansi) + (events.isEmpty() ? "" : "\n" + events);
    }

    private static Object label(State state) {
        return state.compareTo(State.OVERDUE) <= 0 ? Coloured.alarm(state) : state;
    }

    private static List<Adoption> adoption(CredentialStatus status) {
        return status.adoption() == null ? List.of() : status.adoption();
    }

    private String adoptionDetail(Adoption adoption) {
        return adoption.at() == null ? adoption.state().name() : adoption.state() + " at " + time(adoption.at());
    }

    private String openDetail(Open open) {
        return "%s, requested at %s: %s".formatted(open.requestId(), time(open.requestedAt()), StatusReasons.of(open));
    }

    private static String failureDetail(Failure failure) {
        return failure.code() == null
                ? "%d, the last of request %s: its reason is no longer on the failures topic"
                        .formatted(failure.inARow(), failure.requestId())
                : "%d, the last of request %s: %s: %s"
                        .formatted(failure.inARow(), failure.requestId(), failure.code(), failure.detail());
    }

    private static String detail(Timeline.Event event) {
        String request = event.requestId() == null ? "" : "request " + event.requestId();
        return event.detail().isEmpty() || request.isEmpty()
                ? event.detail() + request
                : event.detail() + " (" + request + ")";
    }

    private void addTime(Table fields, String name, @Nullable Instant time) {
        add(fields, name, time == null ? null : time(time));
    }

    private String time(Instant time) {
        return "%s (%s)".formatted(Table.text(time), RelativeTime.of(time, now));
    }

    private static void add(Table fields, String name, @Nullable String value) {
        if (value != null) {
            fields.add(name, value);
        }
    }

    private static String counts(List<CredentialStatus> selected) {
        return selected.stream()
                .collect(groupingBy(CredentialStatus::state, TreeMap::new, counting()))
                .entrySet()
                .stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(joining(", ", "\n", "\n"));
    }
}
