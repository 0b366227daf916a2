package org.keyrotation.app.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.keyrotation.sandbox.ReceivedRequest;

/** Counts what happens in a storm, beside what the judge counts at its end. */
final class Tally {

    private final Instant begin = Instant.now();
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
        return Instant.now().isBefore(begin.plus(time));
    }

    /** How it goes, in a line. */
    String line(FaultTestFixture stage) {
        return "%5d s  requests %d  rotations %d  faulted answers %d of %d  %s"
                .formatted(
                        seconds(),
                        stage.requests.count(),
                        stage.api.truth().totalGenerations(),
                        faulted.get(),
                        calls.get(),
                        disruptions);
    }

    Map<String, Long> figures() {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("calls of the API", calls.get());
        figures.put("of them faulted", faulted.get());
        figures.put("kills", count(Disruption.KILL) + count(Disruption.KILL_ALL));
        figures.put("of them of every instance", count(Disruption.KILL_ALL));
        figures.put("pauses", count(Disruption.PAUSE));
        figures.put("restarts", count(Disruption.RESTART));
        figures.put("seconds", seconds());
        return figures;
    }

    private long count(Disruption disruption) {
        return disruptions.getOrDefault(disruption, 0L);
    }

    private long seconds() {
        return Duration.between(begin, Instant.now()).toSeconds();
    }
}
