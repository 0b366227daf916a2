package org.keyrotation.routes.drift;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.api.CredentialLister;
import org.keyrotation.routes.api.CredentialState;
import org.keyrotation.routes.drift.DriftSettings.Mode;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.Drift;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;
import org.keyrotation.routes.rotate.DriftedKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds keys that no rotation in the ledger has generated. A listed key that is not the ledger's is read once more; the ledger is
 * read to its end before and after it. A rotation of the service starts with a ledger entry, so if the entry is the same before and
 * after the second reading, and has no unfinished rotation, no rotation in flight can have generated the key.
 */
final class DriftDetector {

    private static final Logger LOG = LoggerFactory.getLogger(DriftDetector.class);

    /** More are left to the next tick: due rotations wait for the check. */
    private static final int MAX_SUSPECTS = 1_000;

    private final Mode mode;
    private final Ledger ledger;
    private final CredentialLister lister;
    private final Clock clock;
    private final LastSeenKeys lastSeen;
    private Set<CredentialId> lastFound = Set.of();
    private volatile int driftedCount;

    DriftDetector(Mode mode, Ledger ledger, CredentialLister lister, Clock clock) {
        this.mode = mode;
        this.ledger = ledger;
        this.lister = lister;
        this.clock = clock;
        this.lastSeen = new LastSeenKeys(ledger);
    }

    int driftedCount() {
        return driftedCount;
    }

    /** Replaces the {@link ListedKeys} in the body by the list of {@link DriftedKey}s that were not known before. */
    void findDrifted(Exchange exchange) throws InterruptedException, ExecutionException {
        ListedKeys listed = exchange.getMessage().getBody(ListedKeys.class);
        exchange.getMessage().setBody(mode == Mode.OFF ? List.of() : find(listed));
    }

    private List<DriftedKey> find(ListedKeys listed) throws InterruptedException, ExecutionException {
        ledger.awaitReadToEnd();
        Map<CredentialId, LedgerEntry> suspects = new HashMap<>();
        for (Map.Entry<CredentialId, String> each : listed.keyFingerprints().entrySet()) {
            LedgerEntry entry = ledger.entry(each.getKey());
            if (isLedgerKey(each.getValue(), entry)) {
                rememberSeen(each.getKey(), listed);
            } else if (suspects.size() < MAX_SUSPECTS && isSuspect(each.getValue(), entry)) {
                suspects.put(each.getKey(), entry);
            }
        }
        List<DriftedKey> found = readAgain(suspects, listed);
        count(found);
        if (mode == Mode.PUBLISH) {
            lastSeen.confirmCompanies(listed);
        }
        return found;
    }

    /** Only a publication says when the previous key expires. */
    private void rememberSeen(CredentialId credential, ListedKeys listed) {
        if (mode == Mode.PUBLISH) {
            lastSeen.seen(credential, listed.listedAfter());
        }
    }

    /** A key that is to be published counts if the last tick has found it, too: its publication has failed. */
    private void count(List<DriftedKey> found) {
        Set<CredentialId> now = found.stream().map(DriftedKey::credential).collect(Collectors.toSet());
        Set<CredentialId> drifted = new HashSet<>(now);
        if (mode == Mode.PUBLISH) {
            drifted.retainAll(lastFound);
        }
        lastFound = now;
        ledger.forEach((credential, entry) -> {
            if (entry.drift() != null) {
                drifted.add(credential);
            }
        });
        driftedCount = drifted.size();
    }

    private List<DriftedKey> readAgain(Map<CredentialId, LedgerEntry> suspects, ListedKeys listed)
            throws InterruptedException, ExecutionException {
        Map<CredentialId, CredentialState> states = lister.read(suspects.keySet());
        ledger.awaitReadToEnd();
        List<DriftedKey> found = new ArrayList<>();
        suspects.forEach((credential, entry) -> {
            String fingerprint = requireNonNull(listed.keyFingerprints().get(credential));
            CredentialState state = states.get(credential);
            if (state != null && fingerprint.equals(state.keyFingerprint()) && entry.equals(ledger.entry(credential))) {
                found.add(drifted(credential, fingerprint, entry));
            }
        });
        return found;
    }

    private DriftedKey drifted(CredentialId credential, String fingerprint, LedgerEntry entry) {
        String previous = requireNonNull(entry.lastKey()).fingerprint();
        LOG.warn(
                "The key of {} was rotated by hand: the API has {}, the ledger has {}{}",
                credential,
                fingerprint,
                previous,
                mode == Mode.PUBLISH ? "; publishing the API's key" : "");
        return new DriftedKey(credential, fingerprint, previous, lastSeen.lastSeen(credential, entry), clock.instant());
    }

    private static boolean isLedgerKey(String fingerprint, LedgerEntry entry) {
        LastKey key = entry.lastKey();
        return key != null && key.fingerprint().equals(fingerprint);
    }

    /** The key before the ledger's is one that was listed before the last rotation. */
    private boolean isSuspect(String fingerprint, LedgerEntry entry) {
        LastKey key = entry.lastKey();
        return key != null
                && entry.lastRotationAt() != null
                && !fingerprint.equals(key.previousFingerprint())
                && !isInFlight(entry.unfinished())
                && !isReported(fingerprint, entry);
    }

    private boolean isInFlight(@Nullable UnfinishedRotation unfinished) {
        return unfinished != null && !unfinished.isAbandonedByHand(clock.instant());
    }

    private boolean isReported(String fingerprint, LedgerEntry entry) {
        Drift drift = entry.drift();
        return mode == Mode.REPORT && drift != null && drift.keyFingerprint().equals(fingerprint);
    }

    /** Records the drift, unless the ledger has changed since the key was found. */
    CompletableFuture<DriftedKey> record(DriftedKey key) {
        LedgerEntry entry = ledger.entry(key.credential());
        if (!isLedgerKey(key.previousKeyFingerprint(), entry) || isInFlight(entry.unfinished())) {
            return CompletableFuture.completedFuture(key);
        }
        LedgerEntry drifted = entry.cleared().drifted(new Drift(key.keyFingerprint(), key.seenAt()));
        return ledger.compareAndSet(key.credential(), entry, drifted, PartitionOwnership.UNFENCED)
                .thenApply(written -> key);
    }
}
