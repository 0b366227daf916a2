package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.keyrotation.model.RotationRequest;

/** Whatever happens to the requests of a credential and to who handles them, each ends once, and by one key at most. */
class DecisionPropertyTest {

    /** As many as the ledger remembers to have settled. */
    private static final int REQUESTS = 16;

    private static final Duration NEVER = Duration.ofDays(10_000);

    /**
     * @param minInterval between two rotations
     * @param giveUpAfter from the first attempt of a request, and from the start of an abandoned rotation
     * @param idempotent whether the API honours the Idempotency-Key
     * @param skew between the clocks of the two instances
     */
    record Story(Duration minInterval, Duration giveUpAfter, boolean idempotent, Duration skew, List<Action> acts) {

        RotationModel told() {
            RotateSettings settings =
                    new RotateSettings(Duration.ofMinutes(5), Duration.ofHours(24), minInterval, true, giveUpAfter);
            RotationModel world = new RotationModel(settings, idempotent, skew);
            acts.forEach(world::does);
            world.drain();
            return world;
        }
    }

    /** I2. */
    @Property(tries = 1000)
    void noRequestCausesTwoGenerations(@ForAll @From("stories") Story story) {
        RotationModel world = story.told();

        Map<String, Long> generations =
                world.api.generations.stream().collect(groupingBy(SimulatedApi.Generation::requestId, counting()));
        assertThat(generations.values()).allMatch(many -> many == 1);
    }

    /** I1. */
    @Property(tries = 1000)
    void whereNothingIsGivenUpEveryRequestHasExactlyOneOutcome(@ForAll @From("storiesWithoutGivingUp") Story story) {
        RotationModel world = story.told();

        assertThat(world.requestIds())
                .allSatisfy(id -> assertThat(world.told.of(id)).as(id).hasSize(1));
    }

    @Property(tries = 1000)
    void whatIsSatisfiedByTimeHasAPublishedKeyThatIsNewEnough(@ForAll @From("stories") Story story) {
        RotationModel world = story.told();

        assertThat(world.told.satisfiedByTime)
                .allSatisfy(request -> assertThat(newestPublished(world)).isAfterOrEqualTo(asked(request)));
    }

    /** I3, where nobody gave up. */
    @Property(tries = 1000)
    void theLastKeyThatIsPublishedIsTheOneThatTheApiHolds(@ForAll @From("stories") Story story) {
        RotationModel world = story.told();

        if (!world.told.publishedKeys.isEmpty() && world.hasNothingUnfinished()) {
            assertThat(world.told.publishedKeys.get(world.told.publishedKeys.size() - 1))
                    .isEqualTo(world.api.currentKey());
        }
    }

    /** I2, I7. */
    @Property(tries = 1000)
    void aResetToTheEarliestGeneratesNothing(@ForAll @From("stories") Story story) {
        RotationModel world = story.told();
        List<SimulatedApi.Generation> before = List.copyOf(world.api.generations);

        world.does(new Action.Wait(Duration.ofDays(3)));
        world.does(new Action.HandOver());
        world.reset();
        world.drain();

        assertThat(world.api.generations).isEqualTo(before);
    }

    @Provide
    Arbitrary<Story> stories() {
        return stories(Duration.ofHours(24), NEVER);
    }

    @Provide
    Arbitrary<Story> storiesWithoutGivingUp() {
        return stories(NEVER);
    }

    private static Arbitrary<Story> stories(Duration... giveUpAfter) {
        return Combinators.combine(
                        Arbitraries.of(Duration.ZERO, Duration.ofHours(1), Duration.ofHours(24)),
                        Arbitraries.of(giveUpAfter),
                        Arbitraries.of(true, false),
                        Arbitraries.of(-5000, -3000, 0, 1, 5000).map(Duration::ofMillis),
                        acts().list().ofMaxSize(80))
                .as(Story::new);
    }

    private static Arbitrary<Action> acts() {
        return Arbitraries.frequencyOf(
                Tuple.of(4, asks()),
                Tuple.of(2, waits()),
                Tuple.of(8, handlings()),
                Tuple.of(1, Arbitraries.just(new Action.Commit())),
                Tuple.of(1, Arbitraries.just(new Action.HandOver())),
                Tuple.of(1, Arbitraries.just(new Action.Reset())),
                Tuple.of(2, returns()));
    }

    private static Arbitrary<Action> asks() {
        return Combinators.combine(Arbitraries.integers().between(1, REQUESTS), spans(), Arbitraries.of(false, true))
                .as(Action.Ask::new);
    }

    private static Arbitrary<Action> waits() {
        return spans().map(Action.Wait::new);
    }

    private static Arbitrary<Action> handlings() {
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(4, Action.Api.WELL),
                                Tuple.of(1, Action.Api.ANSWER_LOST),
                                Tuple.of(1, Action.Api.ANSWER_LOST_AND_UNREADABLE),
                                Tuple.of(1, Action.Api.CALL_LOST),
                                Tuple.of(1, Action.Api.CALL_LOST_AND_UNREADABLE),
                                Tuple.of(1, Action.Api.FAILS),
                                Tuple.of(1, Action.Api.FORBIDS),
                                Tuple.of(1, Action.Api.DOWN)),
                        Arbitraries.frequency(
                                Tuple.of(6, Action.Step.DONE),
                                Tuple.of(1, Action.Step.STARTED),
                                Tuple.of(1, Action.Step.CALLED),
                                Tuple.of(1, Action.Step.CLEARED),
                                Tuple.of(1, Action.Step.FAILURE_PENDING),
                                Tuple.of(1, Action.Step.TOLD),
                                Tuple.of(1, Action.Step.SETTLED)))
                .as(Action.Handle::new);
    }

    private static Arbitrary<Action> returns() {
        return Combinators.combine(Arbitraries.integers().between(0, 3), Arbitraries.of(true, false))
                .as(Action.Return::new);
    }

    private static Arbitrary<Duration> spans() {
        return Arbitraries.of(
                Duration.ZERO,
                Duration.ofMillis(1),
                Duration.ofSeconds(2),
                Duration.ofMinutes(30),
                Duration.ofHours(2),
                Duration.ofHours(25));
    }

    private static Instant newestPublished(RotationModel world) {
        return world.api.generations.stream()
                .filter(generation -> world.told.publishedKeys.contains(generation.key()))
                .map(generation -> generation.at().plus(RotationModel.SKEW))
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
    }

    private static Instant asked(RotationRequest request) {
        return requireNonNull(request.requestedAt());
    }
}
