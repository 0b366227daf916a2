package org.keyrotation.routes.ledger;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.keyrotation.routes.camel.RefreshedValue;

/** Gauges of the keys in overlap: the previous key still works. Each instance reports those of the whole ledger. */
public final class OverlapMeters {

    private static final Duration MAX_AGE = Duration.ofSeconds(10);

    private final Ledger ledger;
    private final Clock clock;
    private final RefreshedValue<List<Instant>> expiries;

    /** @param executor parses the entries of the ledger */
    public OverlapMeters(Ledger ledger, Clock clock, Executor executor) {
        this.ledger = ledger;
        this.clock = clock;
        this.expiries = new RefreshedValue<>(this::compute, MAX_AGE, executor);
    }

    public void register(MeterRegistry meters) {
        Gauge.builder("rotation.keys.in.overlap", this, overlap -> overlap.last()
                        .size())
                .description("Credentials whose previous key still works")
                .strongReference(true)
                .register(meters);
        Gauge.builder("rotation.next.key.expiry.timestamp", this, OverlapMeters::nextExpirySeconds)
                .description("Unix time at which the next previous key expires, NaN without one")
                .baseUnit("seconds")
                .strongReference(true)
                .register(meters);
    }

    private List<Instant> compute() {
        Instant now = clock.instant();
        return ledger.entries().values().stream()
                .map(LedgerEntry::lastKey)
                .filter(Objects::nonNull)
                .map(LastKey::previousKeyExpiresAt)
                .filter(now::isBefore)
                .sorted()
                .toList();
    }

    /** Those of the last refresh that are still in overlap. There are none while the first refresh runs. */
    private List<Instant> last() {
        CompletableFuture<List<Instant>> last = expiries.get();
        Instant now = clock.instant();
        return last.isDone() && !last.isCompletedExceptionally()
                ? last.join().stream().filter(now::isBefore).toList()
                : List.of();
    }

    private double nextExpirySeconds() {
        return last().stream()
                .findFirst()
                .map(expiresAt -> expiresAt.toEpochMilli() / 1000.0)
                .orElse(Double.NaN);
    }
}
