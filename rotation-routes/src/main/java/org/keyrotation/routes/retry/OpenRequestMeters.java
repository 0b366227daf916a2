package org.keyrotation.routes.retry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.keyrotation.routes.kafka.ParallelConsumer;

/** Gauges of the requests that this instance has polled from the requests topic and the retry topics, and that have not ended. */
public final class OpenRequestMeters {

    private final List<ParallelConsumer> consumers = new CopyOnWriteArrayList<>();
    private final Clock clock;

    public OpenRequestMeters(MeterRegistry meters, Clock clock) {
        this.clock = clock;
        Gauge.builder("rotation.requests.open", this, OpenRequestMeters::count)
                .description("Requests that this instance has polled or deferred, and that have not ended")
                .strongReference(true)
                .register(meters);
        Gauge.builder("rotation.oldest.open.request", this, OpenRequestMeters::oldestAgeSeconds)
                .description("Time since the oldest open request of this instance was produced, 0 without one")
                .baseUnit("seconds")
                .strongReference(true)
                .register(meters);
    }

    /** Includes the requests of this consumer. */
    public void add(ParallelConsumer consumer) {
        consumers.add(consumer);
    }

    private int count() {
        return consumers.stream()
                .mapToInt(consumer -> consumer.incomplete().size())
                .sum();
    }

    private double oldestAgeSeconds() {
        Instant now = clock.instant();
        return consumers.stream()
                .flatMap(consumer -> consumer.incomplete().stream())
                .map(polled -> RetryMetadata.read(polled, now).producedAt())
                .min(Comparator.naturalOrder())
                .map(oldest -> Math.max(0, Duration.between(oldest, now).toMillis() / 1000.0))
                .orElse(0.0);
    }
}
