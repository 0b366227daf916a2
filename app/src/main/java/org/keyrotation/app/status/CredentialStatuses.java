package org.keyrotation.app.status;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsLast;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.failures.OpenFailures;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.CredentialStatus;
import org.keyrotation.model.CredentialStatus.Adoption;
import org.keyrotation.model.CredentialStatus.AdoptionState;
import org.keyrotation.model.CredentialStatus.Open;
import org.keyrotation.model.OpenFailure;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.adoption.KeyAdoption;
import org.keyrotation.routes.intake.OpenRequest;
import org.keyrotation.routes.intake.OpenRequests;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.ledger.FailureStreak;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.schedule.DueDates;

/** The status of all credentials at one moment, derived from the topics and the schedule. */
public final class CredentialStatuses {

    private static final Comparator<CredentialStatus> URGENT_FIRST = comparing(CredentialStatus::state)
            .thenComparing(CredentialStatuses::minute, nullsLast(naturalOrder()))
            .thenComparing(CredentialStatus::companyId)
            .thenComparing(CredentialStatus::apiCredentialId);

    /** The ledger has no entry for a credential that the API does not know. Its failures are shown for this long. */
    private static final Duration UNRECORDED_FAILURES = Duration.ofDays(7);

    private final Map<CredentialId, LedgerEntry> entries;
    private final Map<CredentialId, List<OpenRequest>> open;
    private final OpenFailures failures;
    private final Map<CredentialId, FailureStreak> unrecordedFailures;
    private final DueDates dueDates;
    private final @Nullable KeyAdoption adoption;
    private final List<String> problems;
    private final Instant now;
    private final StatusRules rules;

    /** Returns what follows the adoption of the keys in the ledger. */
    public interface AdoptionSource {

        @Nullable
        KeyAdoption adoption(Ledger ledger) throws Exception;
    }

    private CredentialStatuses(
            Map<CredentialId, LedgerEntry> entries,
            Map<CredentialId, List<OpenRequest>> open,
            OpenFailures failures,
            DueDates dueDates,
            @Nullable KeyAdoption adoption,
            List<String> problems,
            Instant now) {
        this.entries = entries;
        this.open = open;
        this.failures = failures;
        this.unrecordedFailures = unrecorded(failures, entries);
        this.dueDates = dueDates;
        this.adoption = adoption;
        this.problems = List.copyOf(problems);
        this.now = now;
        this.rules = new StatusRules(now);
    }

    /**
     * Reads the topics. The order matters: a request that ends meanwhile is known to the ledger then, and its failure is on
     * the failures topic before it is in the ledger.
     *
     * @param ledgerSource reads the ledger to its end
     * @throws IllegalStateException if the brokers do not answer; its message has the reason
     */
    public static CredentialStatuses read(
            CamelContext context, RotationSettings settings, Callable<Ledger> ledgerSource) throws Exception {
        return read(
                context,
                settings,
                ledgerSource,
                ledger -> settings.adoption().enabled() ? adoption(context, settings, ledger) : null);
    }

    /**
     * Reads the topics, as {@link #read(CamelContext, RotationSettings, Callable)} does.
     *
     * @param adoptionSource returns what follows the adoption of keys, or null
     */
    public static CredentialStatuses read(
            CamelContext context,
            RotationSettings settings,
            Callable<Ledger> ledgerSource,
            AdoptionSource adoptionSource)
            throws Exception {
        Map<CredentialId, List<OpenRequest>> open = new OpenRequests(
                        context, settings.intake(), settings.retry(), Clock.systemUTC())
                .read().stream()
                        .filter(request -> request.request() != null)
                        .collect(groupingBy(request -> credential(request)));
        Ledger ledger = ledgerSource.call();
        Map<CredentialId, LedgerEntry> entries = ledger.entries();
        Instant now = Instant.now();
        Instant since = entries.values().stream()
                .map(LedgerEntry::failures)
                .filter(Objects::nonNull)
                .map(FailureStreak::failedAt)
                .min(naturalOrder())
                .filter(oldest -> oldest.isBefore(now.minus(UNRECORDED_FAILURES)))
                .orElse(now.minus(UNRECORDED_FAILURES));
        OpenFailures failures =
                OpenFailures.read(new KafkaClients(context), settings.publish().failuresTopic(), entries, since);
        List<String> problems = new ArrayList<>();
        DueDates dueDates = DueDates.of(settings.schedule(), problems);
        return new CredentialStatuses(
                entries, open, failures, dueDates, adoptionSource.adoption(ledger), problems, now);
    }

    /**
     * Returns the consumers that have not adopted the current keys of these credentials while the previous ones work; none if
     * adoption is not followed.
     */
    public static Map<CredentialId, List<String>> pendingAdoption(
            CamelContext context,
            RotationSettings settings,
            Callable<Ledger> ledgerSource,
            Collection<CredentialId> credentials)
            throws Exception {
        Map<CredentialId, List<String>> pending = new LinkedHashMap<>();
        if (settings.adoption().enabled()) {
            Ledger ledger = ledgerSource.call();
            KeyAdoption adoption = adoption(context, settings, ledger);
            Instant now = Instant.now();
            for (CredentialId credential : credentials) {
                List<String> consumers = adoption.of(credential, ledger.entry(credential), now).stream()
                        .filter(each -> each.state() == AdoptionState.PENDING || each.state() == AdoptionState.RECEIVED)
                        .map(Adoption::consumer)
                        .toList();
                if (!consumers.isEmpty()) {
                    pending.put(credential, consumers);
                }
            }
        }
        return pending;
    }

    /** Reads the acknowledgements; the context stops the reader. */
    private static KeyAdoption adoption(CamelContext context, RotationSettings settings, Ledger ledger)
            throws Exception {
        KeyAdoption adoption = new KeyAdoption(
                context, settings.adoption(), settings.publish().keysTopic(), ledger, new SimpleMeterRegistry());
        context.addService(adoption);
        adoption.update();
        return adoption;
    }

    /**
     * Returns the status of each credential that the ledger knows, that a request is open for, or whose request has failed, those
     * that need a person first.
     */
    public List<CredentialStatus> all() {
        return statuses(Stream.of(entries, open, unrecordedFailures).flatMap(known -> known.keySet().stream()));
    }

    /** Returns the status of these credentials, those that need a person first. */
    public List<CredentialStatus> of(List<CredentialId> credentials) {
        return statuses(credentials.stream());
    }

    /** Returns the entry of the credential in the ledger. */
    public LedgerEntry entry(CredentialId credential) {
        return entries.getOrDefault(credential, LedgerEntry.UNSEEN);
    }

    /** Returns when the credential is due; null if the schedule does not name it, or the ledger does not know it. */
    public @Nullable Instant dueAt(CredentialId credential) {
        return dueDates.dueAt(credential, entry(credential), now);
    }

    /** Returns the failures that no key has followed, the newest first. */
    public List<OpenFailure> failures() {
        return failures.matching(null, null);
    }

    /** Returns the moment of all statuses. */
    public Instant now() {
        return now;
    }

    /** Returns why a status may be incomplete: problems of the schedule's target file. */
    public List<String> problems() {
        return problems;
    }

    /** Credentials that were rotated together are listed by name. */
    private static @Nullable Instant minute(CredentialStatus status) {
        return status.since() == null ? null : status.since().truncatedTo(ChronoUnit.MINUTES);
    }

    private List<CredentialStatus> statuses(Stream<CredentialId> credentials) {
        return credentials.distinct().map(this::status).sorted(URGENT_FIRST).toList();
    }

    private CredentialStatus status(CredentialId credential) {
        LedgerEntry entry = entry(credential);
        FailureStreak last = entry.failures() == null ? unrecordedFailures.get(credential) : entry.failures();
        return rules.status(
                credential,
                entry,
                last,
                open(credential, entry),
                last == null ? null : failures.find(credential, last.requestId()),
                dueAt(credential),
                adoption == null ? null : adoption.of(credential, entry, now));
    }

    private static Map<CredentialId, FailureStreak> unrecorded(
            OpenFailures failures, Map<CredentialId, LedgerEntry> entries) {
        return failures.matching(null, null).stream()
                .filter(failure -> failure.credential() != null && failure.requestId() != null)
                .filter(failure -> entries.getOrDefault(failure.credential(), LedgerEntry.UNSEEN)
                                .failures()
                        == null)
                .collect(toMap(
                        OpenFailure::credential,
                        failure -> new FailureStreak(
                                failure.inARow(), Objects.requireNonNull(failure.requestId()), failure.failedAt()),
                        (newest, older) -> newest));
    }

    /** The request of the unfinished rotation, or the one that was deferred most often, or else the oldest. */
    private @Nullable Open open(CredentialId credential, LedgerEntry entry) {
        String rotating = entry.unfinished() == null ? null : entry.unfinished().requestId();
        return open.getOrDefault(credential, List.of()).stream()
                .map(CredentialStatuses::open)
                .filter(request -> entry.stateOf(request.requestId(), request.requestedAt(), now) == RequestState.OPEN)
                .min(comparing((Open request) -> !request.requestId().equals(rotating))
                        .thenComparing(comparingInt(Open::deferrals).reversed())
                        .thenComparing(Open::requestedAt))
                .orElse(null);
    }

    private static Open open(OpenRequest open) {
        RotationRequest request = Objects.requireNonNull(open.request());
        return new Open(
                Objects.requireNonNull(request.requestId()),
                Objects.requireNonNull(request.requestedAt()),
                open.deferrals(),
                open.lastError());
    }

    private static CredentialId credential(OpenRequest open) {
        return Objects.requireNonNull(open.request()).credential();
    }
}
