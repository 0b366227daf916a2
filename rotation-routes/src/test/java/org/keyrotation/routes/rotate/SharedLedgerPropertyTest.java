package org.keyrotation.routes.rotate;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.RotationRequest;

/** Whatever instances of two groups and a direct caller do at once, the log of the ledger decides who may rotate. */
class SharedLedgerPropertyTest {

    /** Another instance takes a rotation over at once; its holder may call all the same. */
    private static final LeaseTerm NO_LEASE = new LeaseTerm(
            Duration.ofDays(1), LeaseTerm.CLOCK_TOLERANCE.plusDays(1).negated());

    private static final Duration NEVER = Duration.ofDays(10_000);

    /** Some tens are needed. */
    private static final int MAX_SAMPLES = 5_000;

    /**
     * @param minInterval between two rotations
     * @param idempotent whether the API honours the Idempotency-Key
     * @param hasFirstKey whether the credential has a key before its first rotation
     * @param clockErrors of the instances
     */
    record Scenario(
            Duration minInterval,
            boolean idempotent,
            boolean hasFirstKey,
            List<Duration> clockErrors,
            List<WorldAction> actions) {

        RotationWorld run(LeaseTerm term, boolean isConditional) {
            RotateSettings settings =
                    new RotateSettings(Duration.ofMinutes(5), Duration.ofHours(24), minInterval, true, NEVER);
            SimulatedApi api = new SimulatedApi(idempotent, hasFirstKey);
            RotationWorld world = new RotationWorld(settings, term, isConditional, api, clockErrors);
            actions.forEach(world::apply);
            world.drain();
            return world;
        }

        RotationWorld run() {
            return run(RotationWorld.LEASE, true);
        }
    }

    @Property(tries = 1000)
    @Tag("I2")
    void noRequestCausesTwoKeys(@ForAll @From("scenarios") Scenario scenario) {
        RotationWorld world = scenario.run();

        assertThat(generations(world).values()).allMatch(count -> count == 1);
    }

    @Property(tries = 1000)
    @Tag("I1")
    void everyRequestHasExactlyOneOutcome(@ForAll @From("scenarios") Scenario scenario) {
        RotationWorld world = scenario.run();

        assertThat(world.sent())
                .extracting(RotationRequest::requestId)
                .allSatisfy(id -> assertThat(world.outcomes.of(id)).as(id).hasSize(1));
    }

    /** A key event, too, whose rotation was started, taken over and published by three instances. */
    @Property(tries = 1000)
    @Tag("I1")
    void everyEventSaysWhoMadeItsRequestWhenAndWhy(@ForAll @From("scenarios") Scenario scenario) {
        RotationWorld world = scenario.run();

        assertThat(world.sent())
                .allSatisfy(request -> assertThat(world.outcomes.authors().getOrDefault(request.requestId(), Set.of()))
                        .allMatch(ObservedOutcomes.author(request)::equals));
    }

    /** Consumers recognise a key that is published twice by its id. */
    @Property(tries = 1000)
    @Tag("I2")
    void noKeyIsPublishedForTwoRequests(@ForAll @From("scenarios") Scenario scenario) {
        RotationWorld world = scenario.run();

        assertThat(world.outcomes.requestsByKey.values()).allMatch(requests -> requests.size() == 1);
    }

    @Property(tries = 1000)
    @Tag("I3")
    void lastPublishedKeyIsTheKeyOfTheApi(@ForAll @From("scenarios") Scenario scenario) {
        RotationWorld world = scenario.run();

        List<ClientKey> published = world.outcomes.publishedKeys;
        if (!published.isEmpty()) {
            assertThat(published.get(published.size() - 1)).isEqualTo(world.api.currentKey());
        }
    }

    @Property(tries = 1000)
    @Tag("I2")
    void allInstancesAgreeWithOneThatReadsTheCompactedLog(@ForAll @From("scenarios") Scenario scenario) {
        RotationWorld world = scenario.run();

        assertThat(world.entries()).containsOnly(world.entryAfterCompaction());
        assertThat(world.entryAfterCompaction().unfinished()).isNull();
    }

    @Example
    @Tag("I2")
    void aDoubleRotationIsFoundWithoutConditionalWrites() {
        assertThat(isDoubleRotationFound(RotationWorld.LEASE, false)).isTrue();
    }

    @Example
    @Tag("I2")
    void aDoubleRotationIsFoundWithoutTheLease() {
        assertThat(isDoubleRotationFound(NO_LEASE, true)).isTrue();
    }

    @Example
    @Tag("I1")
    void requestThatTwoInstancesDecideAtOnceEndsInOneFailure() {
        Scenario scenario = new Scenario(
                Duration.ofHours(1),
                true,
                true,
                Collections.nCopies(RotationWorld.INSTANCES, Duration.ZERO),
                List.of(
                        new WorldAction.Send(Duration.ZERO, false),
                        new WorldAction.Begin(0, 0),
                        new WorldAction.RunTo(0, Action.Step.NONE, Action.Api.WORKS),
                        new WorldAction.Send(Duration.ZERO, false),
                        new WorldAction.Begin(0, 1),
                        new WorldAction.RunTo(0, Action.Step.DECIDE, Action.Api.WORKS),
                        new WorldAction.Begin(1, 1),
                        new WorldAction.RunTo(1, Action.Step.NONE, Action.Api.WORKS)));

        assertThat(scenario.run().outcomes.of("request-1")).hasSize(1);
    }

    @Example
    @Tag("I2")
    void rotationIsTakenOverOnlyAfterTheLastCallOfItsHolderHasEnded() {
        List<Duration> clockErrors =
                List.of(Duration.ofMillis(-2500), Duration.ofMillis(2500), Duration.ZERO, Duration.ZERO);
        Scenario scenario = new Scenario(
                Duration.ZERO,
                false,
                true,
                clockErrors,
                List.of(
                        new WorldAction.Send(Duration.ZERO, false),
                        new WorldAction.Begin(0, 0),
                        new WorldAction.RunTo(0, Action.Step.RECORD_STARTED, Action.Api.WORKS),
                        new WorldAction.Advance(Duration.ofSeconds(28)),
                        new WorldAction.RunTo(0, Action.Step.CALL, Action.Api.WORKS),
                        new WorldAction.Advance(Duration.ofSeconds(28)),
                        new WorldAction.Begin(1, 0),
                        new WorldAction.RunTo(1, Action.Step.NONE, Action.Api.WORKS)));

        assertThat(generations(scenario.run())).containsExactly(entry("request-0", 1L));
    }

    private static boolean isDoubleRotationFound(LeaseTerm term, boolean isConditional) {
        return scenarioArbitrary().generator(1000).stream(new Random(20))
                .limit(MAX_SAMPLES)
                .map(scenario -> generations(scenario.value().run(term, isConditional)))
                .anyMatch(generations -> generations.values().stream().anyMatch(count -> count > 1));
    }

    private static Map<String, Long> generations(RotationWorld world) {
        return world.api.generations.stream().collect(groupingBy(SimulatedApi.Generation::requestId, counting()));
    }

    @Provide
    Arbitrary<Scenario> scenarios() {
        return scenarioArbitrary();
    }

    private static Arbitrary<Scenario> scenarioArbitrary() {
        return Combinators.combine(
                        Arbitraries.of(Duration.ZERO, Duration.ofHours(1), Duration.ofHours(24)),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false),
                        Arbitraries.of(0, -1000, 1000, -2500, 2500)
                                .map(Duration::ofMillis)
                                .list()
                                .ofSize(RotationWorld.INSTANCES),
                        actions().list().ofMaxSize(120).withSizeDistribution(RandomDistribution.uniform()))
                .as(Scenario::new);
    }

    private static Arbitrary<WorldAction> actions() {
        Arbitrary<Integer> instances = Arbitraries.integers().between(0, RotationWorld.INSTANCES - 1);
        Arbitrary<Integer> indexes = Arbitraries.integers().between(0, 7);
        return Arbitraries.frequencyOf(
                Tuple.of(
                        2,
                        Combinators.combine(
                                        Arbitraries.of(Duration.ZERO, Duration.ofSeconds(2), Duration.ofHours(2)),
                                        Arbitraries.of(true, false))
                                .as(WorldAction.Send::new)),
                Tuple.of(6, Combinators.combine(instances, indexes).as(WorldAction.Begin::new)),
                Tuple.of(
                        8,
                        Combinators.combine(instances, Arbitraries.integers().between(1, 8), behaviours())
                                .as(WorldAction.Step::new)),
                Tuple.of(
                        8,
                        Combinators.combine(instances, Arbitraries.of(Action.Step.class), behaviours())
                                .as(WorldAction.RunTo::new)),
                Tuple.of(2, instances.map(WorldAction.Read::new)),
                Tuple.of(2, indexes.map(WorldAction.Deliver::new)),
                Tuple.of(1, instances.map(WorldAction.SendAgain::new)),
                Tuple.of(1, instances.map(WorldAction.Crash::new)),
                Tuple.of(1, Arbitraries.create(WorldAction.Compact::new)),
                Tuple.of(1, indexes.map(WorldAction.Execute::new)),
                Tuple.of(
                        3,
                        Arbitraries.of(
                                        Duration.ofMillis(1),
                                        Duration.ofSeconds(2),
                                        Duration.ofSeconds(28),
                                        Duration.ofSeconds(40),
                                        Duration.ofMinutes(2),
                                        Duration.ofHours(2),
                                        Duration.ofHours(25))
                                .map(WorldAction.Advance::new)));
    }

    private static Arbitrary<Action.Api> behaviours() {
        return Arbitraries.frequency(
                Tuple.of(8, Action.Api.WORKS),
                Tuple.of(1, Action.Api.RESPONSE_LOST),
                Tuple.of(1, Action.Api.RESPONSE_WITHOUT_KEY),
                Tuple.of(1, Action.Api.CALL_LOST),
                Tuple.of(1, Action.Api.FAILS),
                Tuple.of(1, Action.Api.FORBIDS),
                Tuple.of(1, Action.Api.UNAVAILABLE));
    }
}
