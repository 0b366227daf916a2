package org.keyrotation.routes.adoption;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.CredentialStatus.Adoption;
import org.keyrotation.model.CredentialStatus.AdoptionState;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gauges, counters and log lines of adoption, as of the last check. Consumers that have not adopted a key are logged when
 * half and a twelfth of the overlap are left, and when the previous key has expired.
 */
final class AdoptionMonitor {

    private static final Logger LOG = LoggerFactory.getLogger(AdoptionMonitor.class);
    private static final int LAST_WARNING_PART = 12;
    private static final int MAX_NAMED = 5;

    private final KeyAdoption adoption;
    private final Ledger ledger;
    private final Clock clock;
    private final Map<String, Counter> missed;

    /** At first a little earlier than the start: what came while no instance ran is reported, too. */
    private Instant checkedAt;

    private volatile Figures figures = new Figures(Map.of(), Double.NaN);

    /**
     * The figures of one check.
     *
     * @param pending the number of keys that a consumer has not adopted while the previous ones work, by consumer
     * @param timeLeftSeconds until the first of those previous keys expires; NaN if there is none
     */
    private record Figures(Map<String, Integer> pending, double timeLeftSeconds) {}

    /** A key that a consumer has not adopted. */
    private record LateKey(CredentialId credential, Instant previousKeyExpiresAt) {
        @Override
        public String toString() {
            return credential.toString();
        }
    }

    AdoptionMonitor(KeyAdoption adoption, AdoptionSettings settings, Ledger ledger, Clock clock, MeterRegistry meters) {
        ExpectedConsumers expected = settings.expected();
        this.adoption = adoption;
        this.ledger = ledger;
        this.clock = clock;
        this.checkedAt = clock.instant().minus(settings.overlap().dividedBy(LAST_WARNING_PART));
        this.missed = expected.names().stream()
                .collect(Collectors.toMap(Function.identity(), consumer -> Counter.builder("rotation.adoption.missed")
                        .description("Keys that a consumer had not adopted when the previous key expired")
                        .tag("consumer", consumer)
                        .register(meters)));
        expected.names().forEach(consumer -> Gauge.builder("rotation.adoption.pending", this, monitor -> monitor.figures
                        .pending()
                        .getOrDefault(consumer, 0))
                .description("Keys that a consumer has not adopted while the previous ones work")
                .tag("consumer", consumer)
                .register(meters));
        Gauge.builder("rotation.adoption.time.left", this, monitor -> monitor.figures.timeLeftSeconds())
                .description("Time until the first previous key expires whose successor a consumer has not adopted")
                .baseUnit("seconds")
                .register(meters);
    }

    /**
     * Looks at all credentials, and reports what has changed since the last check. The ledger is read after the acknowledgements:
     * it then has each key that they are of, or an unfinished rotation.
     *
     * @return the acknowledgements to send again, because compaction would remove them
     */
    List<KeyAcknowledgement> check() throws InterruptedException, ExecutionException {
        ledger.awaitReadToEnd();
        adoption.update();
        ledger.awaitReadToEnd();
        Check check = new Check(checkedAt, clock.instant());
        ledger.forEach(check::add);
        check.log();
        figures = new Figures(Map.copyOf(check.pending), check.timeLeftSeconds);
        checkedAt = check.now;
        return check.superseded;
    }

    /** One pass over the ledger. */
    private final class Check {

        private final Instant since;
        private final Instant now;
        private final Map<String, Integer> pending = new HashMap<>();
        private final Map<String, List<LateKey>> late = new HashMap<>();
        private final List<KeyAcknowledgement> superseded = new ArrayList<>();
        private double timeLeftSeconds = Double.NaN;

        Check(Instant since, Instant now) {
            this.since = since;
            this.now = now;
        }

        void add(CredentialId credential, LedgerEntry entry) {
            LastKey key = entry.lastKey();
            Instant rotatedAt = entry.lastRotationAt();
            if (key != null && rotatedAt != null) {
                List<Adoption> adoptions = adoption.of(credential, entry, now);
                adoptions.forEach(each -> add(credential, key, rotatedAt, each));
                superseded.addAll(adoption.superseded(credential, entry));
            }
        }

        private void add(CredentialId credential, LastKey key, Instant rotatedAt, Adoption each) {
            Instant expiresAt = key.previousKeyExpiresAt();
            if (isReached(expiresAt) && AdoptionRules.isMissed(each, key)) {
                requireNonNull(missed.get(each.consumer())).increment();
            }
            if (each.state() == AdoptionState.PENDING || each.state() == AdoptionState.RECEIVED) {
                pending.merge(each.consumer(), 1, Integer::sum);
                timeLeftSeconds = Math.min(
                        Double.isNaN(timeLeftSeconds) ? Double.MAX_VALUE : timeLeftSeconds,
                        Duration.between(now, expiresAt).toMillis() / 1000.0);
            }
            if (each.state() != AdoptionState.ADOPTED && isWarningDue(key, rotatedAt)) {
                late.computeIfAbsent(each.consumer(), consumer -> new ArrayList<>())
                        .add(new LateKey(credential, key.previousKeyExpiresAt()));
            }
        }

        private boolean isWarningDue(LastKey key, Instant rotatedAt) {
            Instant expiresAt = key.previousKeyExpiresAt();
            Duration overlap = Duration.between(rotatedAt, expiresAt);
            return isReached(AdoptionRules.urgentFrom(key, rotatedAt))
                    || isReached(expiresAt.minus(overlap.dividedBy(LAST_WARNING_PART)))
                    || isReached(expiresAt);
        }

        /** Whether the time came since the last check. */
        private boolean isReached(Instant time) {
            return time.isAfter(since) && !time.isAfter(now);
        }

        void log() {
            late.forEach((consumer, keys) -> LOG.warn(
                    "{} has not adopted {} new keys; the first of the previous keys expires at {}: {}{}",
                    consumer,
                    keys.size(),
                    keys.stream()
                            .map(LateKey::previousKeyExpiresAt)
                            .min(Comparator.naturalOrder())
                            .orElseThrow(),
                    keys.stream().limit(MAX_NAMED).map(LateKey::toString).collect(Collectors.joining(", ")),
                    keys.size() > MAX_NAMED ? " and others, see key-rotation status --state UNADOPTED" : ""));
        }
    }
}
