package org.keyrotation.routes.rotate;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.model.RotationRequest;

/** Whatever happens to requests and instances: each request of a credential ends once, and causes at most one key. */
class RotationPropertyTest {

    /** As many as the ledger remembers as settled. */
    private static final int MAX_REQUESTS = 16;

    private static final Duration NO_LIMIT = Duration.ofDays(10_000);

    /**
     * @param minInterval between two rotations
     * @param giveUpAfter from the first attempt of a request, and from the start of an abandoned rotation
     * @param idempotent whether the API honours the Idempotency-Key
     * @param hasFirstKey whether the credential has a key before its first rotation
     * @param skew between the clocks of the two instances
     */
    record Scenario(
            Duration minInterval,
            Duration giveUpAfter,
            boolean idempotent,
            boolean hasFirstKey,
            Duration skew,
            List<Action> actions) {

        RotationModel run() {
            RotateSettings settings =
                    new RotateSettings(Duration.ofMinutes(5), Duration.ofHours(24), minInterval, true, giveUpAfter);
            RotationModel model = new RotationModel(settings, idempotent, hasFirstKey, skew);
            actions.forEach(model::apply);
            model.drain();
            return model;
        }
    }

    @Property(tries = 1000)
    @Tag("I2")
    void noRequestCausesTwoKeys(@ForAll @From("scenarios") Scenario scenario) {
        RotationModel model = scenario.run();

        Map<String, Long> generations =
                model.api.generations.stream().collect(groupingBy(SimulatedApi.Generation::requestId, counting()));
        assertThat(generations.values()).allMatch(count -> count == 1);
    }

    @Property(tries = 1000)
    @Tag("I1")
    @Tag("I5")
    void everyRequestHasExactlyOneOutcomeUnlessItGaveUp(@ForAll @From("scenariosWithoutGiveUp") Scenario scenario) {
        RotationModel model = scenario.run();

        assertThat(model.sent())
                .extracting(RotationRequest::requestId)
                .allSatisfy(id -> assertThat(model.outcomes.of(id)).as(id).hasSize(1));
    }

    /** A key event, too, whose rotation was started, taken over and published by three instances. */
    @Property(tries = 1000)
    @Tag("I1")
    void everyEventSaysWhoMadeItsRequestWhenAndWhy(@ForAll @From("scenarios") Scenario scenario) {
        RotationModel model = scenario.run();

        assertThat(model.sent())
                .allSatisfy(request -> assertThat(model.outcomes.authors().getOrDefault(request.requestId(), Set.of()))
                        .allMatch(ObservedOutcomes.author(request)::equals));
    }

    @Property(tries = 1000)
    @Tag("I1")
    void satisfiedRequestHasANewerPublishedKey(@ForAll @From("scenarios") Scenario scenario) {
        RotationModel model = scenario.run();

        assertThat(model.outcomes.satisfied())
                .allSatisfy(event -> assertThat(newestPublished(model)).isAfterOrEqualTo(event.requestedAt()));
    }

    @Property(tries = 1000)
    @Tag("I3")
    void lastPublishedKeyIsTheKeyOfTheApi(@ForAll @From("scenarios") Scenario scenario) {
        RotationModel model = scenario.run();

        if (!model.outcomes.publishedKeys.isEmpty() && model.hasNothingUnfinished()) {
            assertThat(model.outcomes.publishedKeys.get(model.outcomes.publishedKeys.size() - 1))
                    .isEqualTo(model.api.currentKey());
        }
    }

    @Property(tries = 1000)
    @Tag("I2")
    @Tag("I7")
    void offsetResetGeneratesNoKey(@ForAll @From("scenarios") Scenario scenario) {
        RotationModel model = scenario.run();
        List<SimulatedApi.Generation> before = List.copyOf(model.api.generations);

        model.apply(new Action.Advance(Duration.ofDays(3)));
        model.apply(new Action.Rebalance());
        model.resetOffset();
        model.drain();

        assertThat(model.api.generations).isEqualTo(before);
    }

    @Property(tries = 1000)
    @Tag("I1")
    void offsetResetPublishesNothing(@ForAll @From("scenarios") Scenario scenario) {
        RotationModel model = scenario.run();
        List<RotationEvent> before = List.copyOf(model.outcomes.events);

        model.apply(new Action.Advance(Duration.ofDays(3)));
        model.apply(new Action.Rebalance());
        model.resetOffset();
        model.drain();

        assertThat(model.outcomes.events).isEqualTo(before);
    }

    @Provide
    Arbitrary<Scenario> scenarios() {
        return scenarios(Duration.ofHours(24), NO_LIMIT);
    }

    @Provide
    Arbitrary<Scenario> scenariosWithoutGiveUp() {
        return scenarios(NO_LIMIT);
    }

    private static Arbitrary<Scenario> scenarios(Duration... giveUpAfter) {
        return Combinators.combine(
                        Arbitraries.of(Duration.ZERO, Duration.ofHours(1), Duration.ofHours(24)),
                        Arbitraries.of(giveUpAfter),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false),
                        Arbitraries.of(-5000, -3000, 0, 1, 5000).map(Duration::ofMillis),
                        actions().list().ofMaxSize(80))
                .as(Scenario::new);
    }

    private static Arbitrary<Action> actions() {
        return Arbitraries.frequencyOf(
                Tuple.of(4, sends()),
                Tuple.of(2, advances()),
                Tuple.of(8, handlings()),
                Tuple.of(1, Arbitraries.just(new Action.Commit())),
                Tuple.of(1, Arbitraries.just(new Action.Rebalance())),
                Tuple.of(1, Arbitraries.just(new Action.ResetOffset())),
                Tuple.of(2, returns()));
    }

    private static Arbitrary<Action> sends() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, MAX_REQUESTS), durations(), Arbitraries.of(false, true))
                .as(Action.Send::new);
    }

    private static Arbitrary<Action> advances() {
        return durations().map(Action.Advance::new);
    }

    private static Arbitrary<Action> handlings() {
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(4, Action.Api.WORKS),
                                Tuple.of(1, Action.Api.RESPONSE_LOST),
                                Tuple.of(1, Action.Api.RESPONSE_LOST_AND_UNREADABLE),
                                Tuple.of(1, Action.Api.RESPONSE_WITHOUT_KEY),
                                Tuple.of(1, Action.Api.CALL_LOST),
                                Tuple.of(1, Action.Api.EXECUTED_LATE),
                                Tuple.of(1, Action.Api.CALL_LOST_AND_UNREADABLE),
                                Tuple.of(1, Action.Api.FAILS),
                                Tuple.of(1, Action.Api.FORBIDS),
                                Tuple.of(1, Action.Api.UNAVAILABLE)),
                        Arbitraries.integers().between(1, QuickRetry.MAX_ATTEMPTS),
                        Arbitraries.frequency(
                                Tuple.of(6, Action.Step.NONE),
                                Tuple.of(1, Action.Step.DECIDE),
                                Tuple.of(1, Action.Step.RECORD_STARTED),
                                Tuple.of(1, Action.Step.CALL),
                                Tuple.of(1, Action.Step.RECORD_ENDING),
                                Tuple.of(1, Action.Step.PUBLISH),
                                Tuple.of(1, Action.Step.RECORD_SETTLED)))
                .as(Action.Handle::new);
    }

    private static Arbitrary<Action> returns() {
        return Combinators.combine(Arbitraries.integers().between(0, 3), Arbitraries.of(true, false))
                .as(Action.Return::new);
    }

    private static Arbitrary<Duration> durations() {
        return Arbitraries.of(
                Duration.ZERO,
                Duration.ofMillis(1),
                Duration.ofSeconds(2),
                Duration.ofMinutes(30),
                Duration.ofHours(2),
                Duration.ofHours(25));
    }

    private static Instant newestPublished(RotationModel model) {
        return model.api.generations.stream()
                .filter(generation -> model.outcomes.publishedKeys.contains(generation.key()))
                .map(generation -> generation.at().plus(RotationModel.MAX_SKEW))
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
    }
}
