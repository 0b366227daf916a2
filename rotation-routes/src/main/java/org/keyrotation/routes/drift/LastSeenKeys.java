package org.keyrotation.routes.drift;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerControl;
import org.keyrotation.routes.ledger.LedgerEntry;

/**
 * When the ledger's key of each credential was last seen at the API. An instance knows it of each credential; the control
 * record of the ledger keeps it by company, for a job and for an instance that starts.
 */
final class LastSeenKeys {

    /** Ticks can be seconds apart; an overlap is hours. */
    private static final Duration MIN_ADVANCE = Duration.ofMinutes(10);

    /** With more, the control record would become larger than Kafka takes. */
    private static final int MAX_COMPANIES = 5_000;

    private final Ledger ledger;
    private final Map<CredentialId, Instant> byCredential = new ConcurrentHashMap<>();

    LastSeenKeys(Ledger ledger) {
        this.ledger = ledger;
    }

    void seen(CredentialId credential, Instant at) {
        byCredential.put(credential, at);
    }

    /** Returns a time at which the API had the key of this entry: its rotation, if it was not seen later. */
    Instant lastSeen(CredentialId credential, LedgerEntry entry) {
        Instant rotatedAt = requireNonNull(entry.lastRotationAt());
        return latest(latest(rotatedAt, byCredential.get(credential)), confirmedAt(credential.companyId()));
    }

    private @Nullable Instant confirmedAt(String companyId) {
        LedgerControl control = ledger.control();
        return control == null ? null : control.confirmedAt(companyId);
    }

    private static Instant latest(Instant one, @Nullable Instant other) {
        return other == null || one.isAfter(other) ? one : other;
    }

    /**
     * Writes the time of a listing for each company all of whose keys it has confirmed. A credential that it lacks may have
     * drifted before, so its company keeps the time of an earlier one.
     */
    void confirmCompanies(ListedKeys listed) throws InterruptedException, ExecutionException {
        Map<String, Instant> confirmed = new HashMap<>();
        Set<String> unconfirmed = new HashSet<>();
        ledger.forEach((credential, entry) -> {
            if (entry.lastKey() != null) {
                confirmed.put(credential.companyId(), listed.listedAfter());
                if (!isConfirmed(listed.keyFingerprints().get(credential), entry, listed.listedAfter())) {
                    unconfirmed.add(credential.companyId());
                }
            }
        });
        Set<String> known = Set.copyOf(confirmed.keySet());
        confirmed.keySet().removeAll(unconfirmed);
        confirmed.keySet().removeIf(company -> !isDue(company, listed.listedAfter()));
        if (!confirmed.isEmpty() && known.size() <= MAX_COMPANIES) {
            ledger.confirmKeys(confirmed, known);
        }
    }

    /** A rotation after the listing was started is later than the time that is confirmed. */
    private static boolean isConfirmed(@Nullable String fingerprint, LedgerEntry entry, Instant listedAfter) {
        Instant rotatedAt = entry.lastRotationAt();
        return requireNonNull(entry.lastKey()).fingerprint().equals(fingerprint)
                || (rotatedAt != null && rotatedAt.isAfter(listedAfter));
    }

    private boolean isDue(String company, Instant at) {
        Instant before = confirmedAt(company);
        return before == null || at.isAfter(before.plus(MIN_ADVANCE));
    }
}
