package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ApiResult;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;
import org.keyrotation.routes.retry.RetryMetadata;

/**
 * The publication of a key that a person has generated. To the ledger it is a rotation whose answer was lost: it has a lease, and
 * its key is read back. It calls nothing that generates a key. If it is cut short, its lease runs out: requests are decided as if
 * it had never been, and the next tick finds the key again.
 */
final class DriftPublication {

    private final LedgerUpdates ledger;
    private final OutcomeMapper outcomes;
    private final Clock clock;

    DriftPublication(LedgerUpdates ledger, OutcomeMapper outcomes, Clock clock) {
        this.ledger = ledger;
        this.outcomes = outcomes;
        this.clock = clock;
    }

    /** Returns the rotation that the person has made, which has no lease yet. */
    Rotation rotation(DriftedKey key) {
        Instant now = clock.instant();
        RotationRequest request = key.request();
        UnfinishedRotation started = UnfinishedRotation.byHand(
                request, UUID.randomUUID().toString(), key.generatedAfter(), key.previousKeyFingerprint());
        return Rotation.of(request, RetryMetadata.first(null, now), PartitionOwnership.UNFENCED)
                .attemptStarted(now)
                .withStarted(started);
    }

    /** Leases the rotation, unless the ledger has changed since the key was found. */
    CompletableFuture<Rotation> lease(Rotation rotation) {
        Rotation current = rotation.decidedOn(ledger.entry(rotation.credential()));
        UnfinishedRotation started = requireNonNull(current.progress().started());
        return isToPublish(current.entry(), started)
                ? ledger.lease(current, started).thenApply(Rotation::resuming)
                : CompletableFuture.completedFuture(current);
    }

    private boolean isToPublish(LedgerEntry entry, UnfinishedRotation started) {
        LastKey last = entry.lastKey();
        return last != null
                && last.fingerprint().equals(started.previousKeyFingerprint())
                && (entry.unfinished() == null || entry.unfinished().isAbandonedByHand(clock.instant()));
    }

    static boolean isLeased(Exchange exchange) {
        return exchange.getMessage().getBody(Rotation.class).lease() != null;
    }

    static boolean hasOutcome(Exchange exchange) {
        return !OutcomeMapper.hasNoOutcome(exchange);
    }

    /**
     * Ends the rotation without an outcome if the credential has not shown this key, but none or another one: an event's id stands
     * for one key. The next tick finds the current one.
     */
    CompletableFuture<Rotation> recordReading(Rotation rotation) {
        return rotation.progress().result() instanceof ApiResult.KeyGenerated read
                        && DriftedKey.requestId(read.clientKey().fingerprint()).equals(rotation.requestId())
                ? outcomes.recordEnding(rotation)
                : ledger.recordNotRotated(rotation);
    }
}
