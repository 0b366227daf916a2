package org.keyrotation.routes.ledger;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.RefreshedValue;

/**
 * Gauges of the keys in overlap: the previous key still works. Each instance reports those of the whole ledger, as it was at the
 * scrape before; NaN if the ledger could not be read.
 */
public final class OverlapMeters {

    private static final Duration MAX_AGE = Duration.ofSeconds(10);

    private final Ledger ledger;
    private final Clock clock;

    /** When previous keys expire, in milliseconds since 1970, in ascending order. */
    private final RefreshedValue<long[]> expiries;

    /** @param executor parses the entries of the ledger */
    public OverlapMeters(Ledger ledger, Clock clock, Executor executor) {
        this.ledger = ledger;
        this.clock = clock;
        this.expiries = new RefreshedValue<>(this::compute, MAX_AGE, executor);
    }

    /** Registers the gauges. */
    public void register(MeterRegistry meters) {
        Gauge.builder("rotation.keys.in.overlap", this, OverlapMeters::count)
                .description("Credentials of the fleet whose previous key still works, NaN if not known")
                .strongReference(true)
                .register(meters);
        Gauge.builder("rotation.next.key.expiry.timestamp", this, OverlapMeters::nextExpirySeconds)
                .description("Unix time at which the next previous key of the fleet expires, NaN without one")
                .baseUnit("seconds")
                .strongReference(true)
                .register(meters);
    }

    private long[] compute() {
        if (!ledger.isRead()) {
            throw new IllegalStateException("The ledger is not read yet");
        }
        long now = clock.millis();
        LongStream.Builder found = LongStream.builder();
        ledger.forEach((credential, entry) -> {
            LastKey key = entry.lastKey();
            if (key != null && key.previousKeyExpiresAt().toEpochMilli() > now) {
                found.add(key.previousKeyExpiresAt().toEpochMilli());
            }
        });
        return found.build().sorted().toArray();
    }

    private long @Nullable [] known() {
        CompletableFuture<long[]> last = expiries.get();
        return last.isDone() && !last.isCompletedExceptionally() && expiries.failure() == null ? last.join() : null;
    }

    private double count() {
        long[] known = known();
        return known == null ? Double.NaN : known.length - firstAfterNow(known);
    }

    private double nextExpirySeconds() {
        long[] known = known();
        int first = known == null ? 0 : firstAfterNow(known);
        return known == null || first == known.length ? Double.NaN : known[first] / 1000.0;
    }

    private int firstAfterNow(long[] sorted) {
        int found = Arrays.binarySearch(sorted, clock.millis() + 1);
        return found < 0 ? -found - 1 : found;
    }
}
