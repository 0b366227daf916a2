package org.keyrotation.app.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** Requests, while the API fails and instances are killed, paused and restarted; it ends when all that was asked is done. */
final class Storm {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Stage stage;
    private final StormSettings settings;
    private final Consumer<String> progress;
    private final Random random;
    private final RequestStream requests;
    private final Map<Disruption, Long> disruptions = new EnumMap<>(Disruption.class);
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong faulted = new AtomicLong();
    private final Instant begin = Instant.now();

    Storm(Stage stage, StormSettings settings, boolean unreadable, Consumer<String> progress) {
        this.stage = stage;
        this.settings = settings;
        this.progress = progress;
        this.random = new Random(settings.seed());
        this.requests = new RequestStream(stage, random, unreadable);
    }

    void rage(Duration patience) {
        progress.accept(settings.toString());
        FaultMix.over(stage.api, settings.faults(), settings.seed(), settings.idempotency());
        stage.api.onRequest(request -> {
            calls.incrementAndGet();
            faulted.addAndGet(request.fault().isPresent() ? 1 : 0);
        });
        try (Instances instances = new Instances(settings.instances(), this::start, random)) {
            instances.awaitReady(instances.count());
            do {
                round(instances);
            } while (Instant.now().isBefore(begin.plus(settings.atLeast())));
            instances.awaitThawed();
            stage.awaitDrained(patience);
            instances.stop();
        }
    }

    private void round(Instances instances) {
        List<Disruption> schedule = Disruption.schedule(settings, random);
        int batch = settings.rotations() / (schedule.size() + 1);
        for (Disruption disruption : schedule) {
            instances.awaitReady(Math.max(1, instances.count() - 1));
            requests.send(batch);
            awaitCalls(1 + random.nextInt(2 * batch + 1));
            disruption.befall(instances);
            disruptions.merge(disruption, 1L, Long::sum);
            progress.accept(line());
        }
        requests.send(settings.rotations() - batch * schedule.size());
    }

    /**
     * So that each disruption comes at some moment of the work, and not at the same one every time. Where nothing is done
     * for long, as the group waits for a dead instance, it comes all the same.
     */
    private void awaitCalls(int more) {
        long enough = calls.get() + more;
        Instant end = Instant.now().plus(Stage.SESSION_TIMEOUT.multipliedBy(2));
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> calls.get() >= enough || Instant.now().isAfter(end));
    }

    private Instance start() {
        return new Instance(stage.launch().start(), stage.heard);
    }

    private String line() {
        return "%4d s  requests %d  rotations %d  faulted answers %d of %d  %s"
                .formatted(
                        seconds(),
                        stage.asked.size(),
                        stage.api.truth().totalGenerations(),
                        faulted.get(),
                        calls.get(),
                        disruptions);
    }

    private long seconds() {
        return Duration.between(begin, Instant.now()).toSeconds();
    }

    /** What happened, beside what the judge counts. */
    Map<String, Long> figures() {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("deferrals", sum(stage.offsets.ends(stage::isRetry)));
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

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
