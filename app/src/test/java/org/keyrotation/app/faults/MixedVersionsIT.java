package org.keyrotation.app.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyrotation.app.AppProcess;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * An older version works beside this one in a group, as in a rolling upgrade. It publishes nothing for a satisfied request. The property {@code faults.older.app} is
 * the path of its packaged jar, with its libraries beside it.
 */
@ExtendWith(SandboxExtension.class)
class MixedVersionsIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final String OLDER_APP = System.getProperty("faults.older.app", "");

    private final FaultScenarioSettings settings =
            FaultScenarioSettings.calm(300, 0.1, false).disrupted(3, 4, 2, 4);

    @BeforeAll
    static void requireOlderApp() {
        if (OLDER_APP.isEmpty()) {
            System.err.println(
                    "SKIPPED: no older version to test with, set -Dfaults.older.app=PATH of its rotation-app.jar");
        }
        assumeTrue(!OLDER_APP.isEmpty(), "no older version");
    }

    @Tag("I1")
    @Tag("I2")
    @Tag("I3")
    @Tag("I4")
    @Tag("I5")
    @Test
    void newerInstancesReplaceOlderOnes(SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        try (FaultTestFixture fixture = new FaultTestFixture(broker, api)) {
            run(
                    fixture,
                    Stream.generate(() -> firstThen(older(fixture), fixture::start))
                            .limit(settings.instances())
                            .toList());
        }
    }

    @Tag("I1")
    @Tag("I2")
    @Tag("I3")
    @Tag("I4")
    @Tag("I5")
    @Test
    void olderInstanceJoinsNewerOnes(SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        try (FaultTestFixture fixture = new FaultTestFixture(broker, api)) {
            run(fixture, List.of(fixture::start, fixture::start, older(fixture)));
        }
    }

    /** Runs both versions, then this one alone with further requests. */
    private void run(FaultTestFixture fixture, List<Supplier<Instance>> starters) throws Exception {
        new FaultScenario(fixture, settings, true, System.out::println).run(starters, TIMEOUT);
        fixture.requests.sent().forEach(sent -> fixture.maybeSilent.add(sent.id()));
        FaultScenarioSettings alone = FaultScenarioSettings.calm(50, 0.1, false);
        new FaultScenario(fixture, alone, true, System.out::println).run(TIMEOUT);
        assertThat(fixture.judge().violations()).as(settings::toString).isEmpty();
    }

    private static Supplier<Instance> older(FaultTestFixture fixture) {
        return () -> fixture.start(fixture.configured(AppProcess.packaged(Path.of(OLDER_APP)))
                .withoutProperty("rotation.topics.satisfied")); // an unknown name would stop its start
    }

    private static Supplier<Instance> firstThen(Supplier<Instance> first, Supplier<Instance> later) {
        Iterator<Supplier<Instance>> starters =
                Stream.concat(Stream.of(first), Stream.generate(() -> later)).iterator();
        return () -> starters.next().get();
    }
}
