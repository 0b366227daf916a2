package org.keyrotation.app.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.keyrotation.sandbox.ReceivedRequest;

/** Counts the calls and disruptions of a scenario; the judge counts its outcomes. */
final class ScenarioCounters {

    private final Instant startedAt = Instant.now();
    private final Map<Disruption, Long> disruptions = new EnumMap<>(Disruption.class);
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong faulted = new AtomicLong();

    void called(ReceivedRequest request) {
        calls.incrementAndGet();
        if (request.fault().isPresent()) {
            faulted.incrementAndGet();
        }
    }

    void disrupted(Disruption disruption) {
        disruptions.merge(disruption, 1L, Long::sum);
    }

    long calls() {
        return calls.get();
    }

    boolean isShorterThan(Duration time) {
        return Instant.now().isBefore(startedAt.plus(time));
    }

    /** One line of progress. */
    String line(FaultTestFixture fixture) {
        return "%5d s  requests %d  rotations %d  faulted responses %d of %d  %s"
                .formatted(
                        seconds(),
                        fixture.requests.count(),
                        fixture.api.truth().totalGenerations(),
                        faulted.get(),
                        calls.get(),
                        disruptions);
    }

    Map<String, Long> figures() {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("API calls", calls.get());
        figures.put("faulted API calls", faulted.get());
        figures.put("kills", count(Disruption.KILL) + count(Disruption.KILL_ALL));
        figures.put("kills of all instances", count(Disruption.KILL_ALL));
        figures.put("pauses", count(Disruption.PAUSE));
        figures.put("restarts", count(Disruption.RESTART));
        figures.put("seconds", seconds());
        return figures;
    }

    private long count(Disruption disruption) {
        return disruptions.getOrDefault(disruption, 0L);
    }

    private long seconds() {
        return Duration.between(startedAt, Instant.now()).toSeconds();
    }
}
