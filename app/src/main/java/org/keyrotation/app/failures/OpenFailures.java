package org.keyrotation.app.failures;

import static java.util.Comparator.comparing;
import static java.util.Comparator.reverseOrder;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.follow.EventReader;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.OpenFailure;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.ledger.FailureStreak;
import org.keyrotation.routes.ledger.LedgerEntry;

/**
 * The failures since a time that no key has followed: the newest of each credential, and each of a request that could not be
 * read.
 *
 * <ul>
 *   <li>A failure that the ledger has is open until a key ends the failures in a row. Its event may be gone from the topic.
 *   <li>A failure that the ledger does not have, such as one of a credential that the API does not know, is open until a
 *       rotation starts later than it.
 * </ul>
 */
public final class OpenFailures {

    private final Map<CredentialId, LedgerEntry> entries;
    private final List<RotationFailed> events;
    private final Map<String, RotationFailed> byRequest;
    private final Instant since;
    private final Instant now;

    OpenFailures(
            Collection<RotationFailed> events, Map<CredentialId, LedgerEntry> entries, Instant since, Instant now) {
        // After a crash the same event may be on the topic twice.
        Map<String, RotationFailed> distinct = new LinkedHashMap<>();
        events.forEach(event -> distinct.put(event.credential() + " " + event.id(), event));
        this.byRequest = distinct;
        this.events = distinct.values().stream()
                .filter(event -> !event.failedAt().isBefore(since))
                .toList();
        this.entries = entries;
        this.since = since;
        this.now = now;
    }

    /**
     * Reads the failures topic.
     *
     * @param ledger the entries of the ledger, read before this call: a failure that they have is on the topic then
     * @param since the time of the earliest failure that counts
     * @throws IllegalStateException if the brokers do not answer; its message has the reason
     */
    public static OpenFailures read(
            KafkaClients clients, String topic, Map<CredentialId, LedgerEntry> ledger, Instant since) {
        List<RotationFailed> events = new ArrayList<>();
        Instant start = since.minus(EventReader.MAX_CLOCK_SKEW);
        EventReader.readAll(clients, topic, start, RotationFailed.class, events::add);
        return new OpenFailures(events, ledger, since, Instant.now());
    }

    /**
     * Returns the open failures, the newest first.
     *
     * @param companyId of this company only; null for all, and for those of requests that could not be read
     * @param code with this code only, or null
     */
    public List<OpenFailure> matching(@Nullable String companyId, @Nullable FailureCode code) {
        return all().filter(failure -> companyId == null || companyId.equals(failure.companyId()))
                .filter(failure -> code == null || code == failure.code())
                .sorted(comparing(OpenFailure::failedAt, reverseOrder())
                        .thenComparing(failure -> String.valueOf(failure.credential())))
                .toList();
    }

    /** Returns all failures with this requestId, open or not. Requests of several credentials may have the same one. */
    public List<RotationFailed> ofRequest(String requestId) {
        return events.stream()
                .filter(event -> requestId.equals(event.requestId()))
                .toList();
    }

    /** Returns the open failures with this requestId whose events the topic does not hold any more. */
    public List<OpenFailure> ofRequestWithoutEvent(String requestId) {
        return streaks().entrySet().stream()
                .filter(streak -> requestId.equals(streak.getValue().requestId()))
                .filter(streak -> find(streak.getKey(), requestId) == null)
                .map(streak -> OpenFailure.withoutEvent(
                        streak.getKey(),
                        requestId,
                        streak.getValue().failedAt(),
                        streak.getValue().inARow()))
                .toList();
    }

    /** Returns the failure of this request; null if the topic does not hold it any more. */
    public @Nullable RotationFailed find(CredentialId credential, String requestId) {
        return byRequest.get(credential + " " + requestId);
    }

    /** Whether a key has followed this failure, which therefore needs no person any more. */
    public boolean isFollowedByKey(RotationFailed event) {
        CredentialId credential = event.credential();
        LedgerEntry entry = credential == null ? null : entries.get(credential);
        return entry != null && isFollowedByKey(event, entry);
    }

    private boolean isFollowedByKey(RotationFailed event, LedgerEntry entry) {
        FailureStreak streak = entry.failures();
        if (streak != null && streak.requestId().equals(event.requestId())) {
            return false;
        }
        boolean isOfEndedStreak = streak == null
                && entry.lastKey() != null // otherwise an older version may have written the entry
                && event.requestId() != null
                && entry.isSettled(event.requestId());
        return isOfEndedStreak || entry.isRotatedSince(event.failedAt(), now);
    }

    private Stream<OpenFailure> all() {
        Stream<OpenFailure> unreadable =
                events.stream().filter(event -> event.credential() == null).map(event -> OpenFailure.of(event, 1));
        Map<CredentialId, List<RotationFailed>> open = events.stream()
                .filter(event -> event.credential() != null && !isFollowedByKey(event))
                .collect(groupingBy(event -> Objects.requireNonNull(event.credential())));
        Set<CredentialId> credentials = new HashSet<>(open.keySet());
        credentials.addAll(streaks().keySet());
        return Stream.concat(
                unreadable,
                credentials.stream().map(credential -> newest(credential, open.getOrDefault(credential, List.of()))));
    }

    private Map<CredentialId, FailureStreak> streaks() {
        return entries.entrySet().stream()
                .filter(entry -> isCounted(entry.getValue().failures()))
                .collect(toMap(
                        Map.Entry::getKey,
                        entry -> Objects.requireNonNull(entry.getValue().failures())));
    }

    private boolean isCounted(@Nullable FailureStreak streak) {
        return streak != null && !streak.failedAt().isBefore(since);
    }

    /** The failures in a row of the ledger, and those after them that the ledger does not have. */
    private OpenFailure newest(CredentialId credential, List<RotationFailed> open) {
        FailureStreak streak =
                entries.getOrDefault(credential, LedgerEntry.UNSEEN).failures();
        List<RotationFailed> notInLedger = open.stream()
                .filter(event -> streak == null
                        || (!streak.requestId().equals(event.requestId())
                                && event.failedAt().isAfter(streak.failedAt())))
                .sorted(comparing(RotationFailed::failedAt))
                .toList();
        int inARow = notInLedger.size() + (streak == null ? 0 : streak.inARow());
        if (!notInLedger.isEmpty()) {
            return OpenFailure.of(notInLedger.get(notInLedger.size() - 1), inARow);
        }
        FailureStreak last = Objects.requireNonNull(streak, "a credential without an open failure");
        RotationFailed event = find(credential, last.requestId());
        return event == null
                ? OpenFailure.withoutEvent(credential, last.requestId(), last.failedAt(), inARow)
                : OpenFailure.of(event, inARow);
    }
}
