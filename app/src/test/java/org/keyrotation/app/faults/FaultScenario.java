package org.keyrotation.app.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** Requests, while the API fails and instances are killed, paused and restarted; it ends when all that was asked is done. */
final class FaultScenario {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final FaultTestFixture stage;
    private final FaultScenarioSettings settings;
    private final Consumer<String> progress;
    private final Random random;
    private final RequestStream requests;
    private final Tally tally = new Tally();

    /** @param unreadable whether some requests cannot be read */
    FaultScenario(
            FaultTestFixture stage, FaultScenarioSettings settings, boolean unreadable, Consumer<String> progress) {
        this.stage = stage;
        this.settings = settings;
        this.progress = progress;
        this.random = new Random(settings.seed());
        this.requests = new RequestStream(stage, random, unreadable);
    }

    void rage(Duration patience) {
        progress.accept(settings.toString());
        FaultMix.over(stage.api, settings.faults(), settings.seed(), settings.idempotency());
        stage.api.onRequest(tally::called);
        try (Instances instances = new Instances(settings.instances(), stage::start, random)) {
            instances.awaitReady(instances.count());
            do {
                round(instances);
            } while (tally.isShorterThan(settings.atLeast()));
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
            tally.disrupted(disruption);
            progress.accept(tally.line(stage));
        }
        requests.send(settings.rotations() - batch * schedule.size());
    }

    /**
     * So that each disruption comes at some moment of the work, and not at the same one every time. Where nothing is done
     * for long, as the group waits for a dead instance, it comes all the same.
     */
    private void awaitCalls(int more) {
        long enough = tally.calls() + more;
        Instant end = Instant.now().plus(FaultTestFixture.SESSION_TIMEOUT.multipliedBy(2));
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> tally.calls() >= enough || Instant.now().isAfter(end));
    }

    /** What happened, beside what the judge counts. */
    Map<String, Long> figures() {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("deferrals", stage.offsets.written(stage::isRetry));
        figures.putAll(tally.figures());
        return figures;
    }
}
