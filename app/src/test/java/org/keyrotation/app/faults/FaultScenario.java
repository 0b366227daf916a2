package org.keyrotation.app.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.keyrotation.app.AppProcess;

/**
 * Sends requests while the API fails and instances are killed, paused and restarted, until every request is complete.
 */
final class FaultScenario {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final FaultTestFixture fixture;
    private final FaultScenarioSettings settings;
    private final Consumer<String> progress;
    private final Random random;
    private final RequestStream requests;
    private final ScenarioCounters counters = new ScenarioCounters();
    private final Hands hands;

    /** @param includeUnknown whether some requests are malformed or invalid */
    FaultScenario(
            FaultTestFixture fixture,
            FaultScenarioSettings settings,
            boolean includeUnknown,
            Consumer<String> progress) {
        this.fixture = fixture;
        this.settings = settings;
        this.progress = progress;
        this.random = new Random(settings.seed());
        this.requests = new RequestStream(fixture, random, includeUnknown);
        this.hands = new Hands(fixture, random);
    }

    /** Runs the packaged app with the HTTP client of the settings. */
    void run(Duration timeout) {
        run(Collections.nCopies(settings.instances(), this::start), timeout);
    }

    private Instance start() {
        AppProcess.Launch launch = fixture.launch()
                .property("rotation.api.http-client", settings.httpClient().component());
        return fixture.start(settings.hasPeople() ? fixture.withPeople(launch, settings.drift()) : launch);
    }

    /** Runs one instance of each starter. A starter also replaces its instance when that has ended. */
    void run(List<Supplier<Instance>> starters, Duration timeout) {
        progress.accept(settings.toString());
        FaultMix.apply(fixture.api, settings.faults(), settings.seed(), settings.idempotency());
        fixture.api.onRequest(counters::called);
        try (Instances instances = new Instances(starters, random)) {
            instances.awaitReady();
            if (settings.hasPeople()) {
                runWithPeople(instances, timeout);
            } else {
                runRounds(instances, timeout);
            }
            instances.stop();
        }
    }

    private void runRounds(Instances instances, Duration timeout) {
        do {
            runRound(instances);
        } while (counters.isShorterThan(settings.atLeast()));
        instances.awaitThawed();
        fixture.awaitDrained(timeout);
    }

    private void runWithPeople(Instances instances, Duration timeout) {
        hands.prepare();
        try (KeyConsumers consumers = new KeyConsumers(fixture)) {
            runRounds(instances, timeout);
            hands.awaitFound();
            progress.accept("all keys that were rotated by hand are found; " + consumers);
        }
    }

    private void runRound(Instances instances) {
        List<Disruption> schedule = Disruption.schedule(settings, random);
        int batchSize = settings.rotations() / (schedule.size() + 1);
        for (Disruption disruption : schedule) {
            instances.awaitReady();
            requests.send(batchSize);
            rotateByHand();
            awaitCalls(1 + random.nextInt(2 * batchSize + 1));
            disruption.apply(instances);
            counters.disrupted(disruption);
            progress.accept(counters.line(fixture));
        }
        requests.send(settings.rotations() - batchSize * schedule.size());
        rotateByHand();
    }

    private void rotateByHand() {
        if (settings.hasPeople()) {
            hands.rotateOne();
        }
    }

    /**
     * Makes each disruption hit a random moment of the work. It does not wait for ever: while the group waits for a
     * dead instance, no call is made.
     */
    private void awaitCalls(int additional) {
        long target = counters.calls() + additional;
        Instant end = Instant.now().plus(FaultTestFixture.SESSION_TIMEOUT.multipliedBy(2));
        Awaitility.await()
                .atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> counters.calls() >= target || Instant.now().isAfter(end));
    }

    /** Figures of the scenario that the judge does not have. */
    Map<String, Long> figures() {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("deferrals", fixture.offsets.recordCount(fixture::isRetry));
        figures.putAll(counters.figures());
        return figures;
    }
}
