package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.camel.FutureProcessor;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.rotate.Rotation;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.Generation;
import org.keyrotation.sandbox.MutableClock;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Keys that are rotated by hand, found by ticks of the schedule on a clock that the test advances. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class DriftIT {

    private static final CredentialId CREDENTIAL = new CredentialId(COMPANY, "S2-1");

    private final SimulatedManagementApi api;
    private final MutableClock clock;
    private final TestTopics topics;

    DriftIT(SimulatedManagementApi api, TestTopics topics) {
        this.api = api;
        this.clock = api.clock();
        this.topics = topics.with("rotation.schedule.enabled", "true")
                .with("rotation.schedule.companies", COMPANY)
                .with("rotation.schedule.spread", "PT0S");
    }

    @Test
    @Tag("I2")
    @Tag("I7")
    void reportFindsTheKeyAtTheNextTickAndRotatesNothing() {
        try (RunningRoutes routes = rotated()) {
            Generation byHand = rotateByHand();
            tick(routes);

            assertThat(drifted(routes)).isOne();
            assertThat(ledger().drift()).isNotNull().satisfies(drift -> {
                assertThat(drift.keyFingerprint()).isEqualTo(fingerprint(byHand));
                assertThat(drift.seenAt()).isBetween(byHand.generatedAt(), clock.instant());
            });
            clock.advance(Duration.ofDays(1));
            tick(routes);

            assertThat(drifted(routes)).isOne();
            assertThat(topics.rotated()).hasSize(1);
            assertThat(api.generateRequests()).hasSize(1);
        }
    }

    @Test
    @Tag("I3")
    void rotationEndsTheDrift() {
        try (RunningRoutes routes = rotated()) {
            rotateByHand();
            tick(routes);
            clock.advance(Duration.ofDays(2));
            routes.rotate(RotationRequest.of(CREDENTIAL));
            tick(routes);

            assertThat(drifted(routes)).isZero();
            assertThat(ledger().drift()).isNull();
            assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        }
    }

    @Test
    @Tag("I3")
    @Tag("I4")
    @Tag("I7")
    void publishPublishesTheKeyAndMovesTheLastRotation() {
        topics.with("rotation.drift", "publish");
        try (RunningRoutes routes = rotated()) {
            clock.advance(Duration.ofDays(80));
            Instant lastSeen = clock.instant();
            tick(routes);
            Instant afterTick = clock.instant();
            Generation byHand = rotateByHand();
            tick(routes);

            ClientKeyRotated event = topics.rotated().get(1);
            assertThat(event.requestId())
                    .isEqualTo("drift-" + fingerprint(byHand).substring("sha256:".length()));
            assertThat(event.clientKey().value()).isEqualTo(byHand.clientKey());
            assertThat(event.previousKeyFingerprint())
                    .isEqualTo(topics.rotated().get(0).keyFingerprint());
            assertThat(event.usableFrom()).isAfterOrEqualTo(byHand.usableFrom());
            assertThat(event.previousKeyExpiresAt())
                    .isBetween(lastSeen.plus(Duration.ofHours(24)), afterTick.plus(Duration.ofHours(24)))
                    .isBeforeOrEqualTo(byHand.previousKeyExpiresAt());
            assertThat(event.recovered()).isTrue();
            assertThat(event.reason()).isEqualTo("rotated by hand");
            assertThat(drifted(routes)).isZero();
            assertThat(ledger().lastRotationAt()).isBetween(lastSeen, afterTick);

            clock.advance(Duration.ofDays(80)); // 160 days after the rotation by the service
            tick(routes);
            routes.awaitCommitted();
            assertThat(topics.records(topics.requestsTopic())).isEmpty();
            assertThat(topics.rotated()).hasSize(2);
            assertThat(api.generateRequests()).hasSize(1);
        }
    }

    /** The instance that publishes has never seen the key of the ledger at the API. */
    @Test
    @Tag("I4")
    void previousKeyExpiresAnOverlapAfterTheLastRotationIfNobodyHasSeenItLater() {
        rotated().close();
        clock.advance(Duration.ofDays(3));
        Generation byHand = rotateByHand();
        topics.with("rotation.drift", "publish");
        try (RunningRoutes routes = started()) {
            ClientKeyRotated event = topics.rotated().get(1);
            assertThat(event.previousKeyExpiresAt())
                    .isEqualTo(topics.rotated().get(0).generatedAt().plus(Duration.ofHours(24)))
                    .isBefore(byHand.previousKeyExpiresAt());
            assertThat(drifted(routes)).isZero();
            assertThat(ledger().keyAgeStart()).isAfterOrEqualTo(byHand.generatedAt());
        }
    }

    /** As a job does at each of its runs. */
    @Test
    @Tag("I4")
    void previousKeyExpiresAnOverlapAfterAnEarlierInstanceHasLastSeenIt() {
        topics.with("rotation.drift", "publish");
        Instant lastSeen;
        try (RunningRoutes routes = rotated()) {
            clock.advance(Duration.ofDays(80));
            lastSeen = clock.instant();
            tick(routes);
        }
        Generation byHand = rotateByHand();
        started().close();

        assertThat(topics.rotated().get(1).previousKeyExpiresAt())
                .isBetween(lastSeen.plus(Duration.ofHours(24)), byHand.previousKeyExpiresAt());
    }

    /** The listing lacked it, so it could have drifted before. */
    @Test
    @Tag("I4")
    void companyIsNotConfirmedWithoutAllItsKeys() {
        CredentialId other = new CredentialId(COMPANY, "S2-2");
        api.addCredential(COMPANY, other.apiCredentialId());
        topics.with("rotation.drift", "publish");
        Instant rotatedAt;
        try (RunningRoutes routes = rotated()) {
            rotatedAt = topics.lastEvent("S2-1").generatedAt();
            routes.rotate(RotationRequest.of(other));
            api.removeCredential(COMPANY, other.apiCredentialId());
            clock.advance(Duration.ofDays(3));
            tick(routes);
        }
        rotateByHand();
        started().close();

        assertThat(topics.lastEvent("S2-1").previousKeyExpiresAt()).isEqualTo(rotatedAt.plus(Duration.ofHours(24)));
    }

    /** As a job does at each of its runs. */
    @Test
    @Tag("I2")
    void keyThatIsFoundAfterARestartIsNotRotatedSoonAgain() {
        rotated().close();
        clock.advance(Duration.ofDays(89));
        rotateByHand();
        topics.with("rotation.drift", "publish");
        try (RunningRoutes routes = started()) {
            clock.advance(Duration.ofDays(3));
            tick(routes);
            routes.awaitCommitted();

            assertThat(topics.records(topics.requestsTopic())).isEmpty();
            assertThat(api.generateRequests()).hasSize(1);
        }
    }

    @Test
    @Tag("I3")
    void keyAfterAPublicationThatWasCutShortIsPublishedUnderItsOwnId() throws Exception {
        topics.with("rotation.drift", "publish");
        try (RunningRoutes routes = rotated()) {
            rotateByHand();
            failOnce(routes, "record-drifted");
            tick(routes);
            rotateByHand();
            clock.advance(Duration.ofMinutes(2));
            tick(routes);

            assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
            assertThat(topics.rotated())
                    .extracting(ClientKeyRotated::requestId)
                    .hasSize(3)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void credentialThatIsRotatedByHandTwiceCountsOnce() {
        try (RunningRoutes routes = rotated()) {
            rotateByHand();
            tick(routes);
            rotateByHand();
            tick(routes);

            assertThat(drifted(routes)).isOne();
        }
    }

    @Test
    void publishedKeyIsYoungLikeAnyOther() {
        topics.with("rotation.drift", "publish");
        try (RunningRoutes routes = rotated()) {
            clock.advance(Duration.ofDays(2));
            tick(routes);
            rotateByHand();
            tick(routes);

            assertThat(routes.rotate(RotationRequest.of(CREDENTIAL)))
                    .isInstanceOfSatisfying(
                            RotationOutcome.Failed.class,
                            failed -> assertThat(failed.event().code()).isEqualTo(FailureCode.ROTATED_RECENTLY));
        }
    }

    @Test
    @Tag("I2")
    void instancesThatTickAtOncePublishOneEvent() {
        topics.with("rotation.drift", "publish");
        try (RunningRoutes one = rotated();
                RunningRoutes two = started()) {
            rotateByHand();
            List.of(one, two).parallelStream().forEach(this::tick);

            assertThat(topics.rotated())
                    .hasSize(2)
                    .extracting(ClientKeyRotated::requestId)
                    .doesNotHaveDuplicates();
            assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        }
    }

    @Test
    @Tag("I3")
    void keyThatChangesOnceMoreBeforeItIsReadBackIsPublished() {
        topics.with("rotation.drift", "publish");
        try (RunningRoutes routes = rotated()) {
            for (int times = 0; times < 3; times++) {
                rotateByHand();
                clock.advance(Duration.ofMinutes(1));
            }
            tick(routes);

            assertThat(topics.rotated()).hasSize(2);
            assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"read-drifted", "record-drifted-reading", "publish-drifted", "record-drifted"})
    @Tag("I2")
    @Tag("I3")
    void publicationThatIsCutShortIsFinishedByTheTickAfterItsLease(String step) throws Exception {
        topics.with("rotation.drift", "publish");
        try (RunningRoutes routes = rotated()) {
            rotateByHand();
            failOnce(routes, step);
            tick(routes);
            assertThat(ledger().unfinished()).isNotNull();

            clock.advance(Duration.ofMinutes(2));
            tick(routes);

            assertThat(ledger().unfinished()).isNull();
            assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
            assertThat(topics.rotated().stream()
                            .map(ClientKeyRotated::requestId)
                            .distinct())
                    .hasSize(2);
            assertThat(api.generateRequests()).hasSize(1);
        }
    }

    @Test
    @Tag("I2")
    @Tag("I3")
    void requestAfterAPublicationThatWasCutShortIsDecidedWithoutIt() throws Exception {
        topics.with("rotation.drift", "publish");
        try (RunningRoutes routes = rotated()) {
            clock.advance(Duration.ofDays(2));
            tick(routes);
            rotateByHand();
            failOnce(routes, "publish-drifted");
            tick(routes);
            clock.advance(Duration.ofMinutes(2));

            assertThat(routes.rotate(RotationRequest.of(CREDENTIAL))).isInstanceOf(RotationOutcome.Rotated.class);
            tick(routes);

            assertThat(topics.rotated()).hasSize(2);
            assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
            assertThat(ledger().unfinished()).isNull();
        }
    }

    @Test
    void offFindsNothing() {
        topics.with("rotation.drift", "off");
        try (RunningRoutes routes = rotated()) {
            rotateByHand();
            tick(routes);

            assertThat(routes.meters().find("rotation.drifted.credentials").gauge())
                    .isNull();
            assertThat(ledger().drift()).isNull();
            assertThat(topics.rotated()).hasSize(1);
        }
    }

    @Test
    void failedSecondReadingIsRepeatedAtTheNextTickAndTheScheduleGoesOn() {
        try (RunningRoutes routes = rotated()) {
            api.addCredential(COMPANY, "S2-2");
            rotateByHand();
            api.faults().failNextReads(COMPANY, "S2-1", Fault.status(404));
            tick(routes);
            assertThat(ledger().drift()).isNull();

            tick(routes);
            assertThat(ledger().drift()).isNotNull();
            assertThat(topics.records(topics.ledgerTopic()))
                    .anySatisfy(message ->
                            assertThat(new String(message.key(), UTF_8)).endsWith("/S2-2"));
        }
    }

    /** The count of the issue is in the fault suite; here are the steps at which a tick meets a rotation. */
    @ParameterizedTest
    @ValueSource(strings = {"record-started", "call-generate-client-key", "publish-outcome", "record-settled"})
    void tickDuringARotationFindsNothing(String step) throws Exception {
        try (RunningRoutes routes = rotated()) {
            clock.advance(Duration.ofDays(2));
            tickBefore(routes, step);

            routes.rotate(RotationRequest.of(CREDENTIAL));
            tick(routes);

            assertThat(drifted(routes)).isZero();
            assertThat(ledger().drift()).isNull();
        }
    }

    private RunningRoutes started() {
        RunningRoutes routes = RunningRoutes.start(topics, clock).awaitIntake().stopTimer();
        tick(routes);
        return routes;
    }

    /** Starts the routes, and rotates the credential once. */
    private RunningRoutes rotated() {
        RunningRoutes routes = started();
        routes.rotate(RotationRequest.of(CREDENTIAL));
        return routes;
    }

    private Generation rotateByHand() {
        clock.advance(Duration.ofMinutes(10));
        return api.rotateByHand(COMPANY, "S2-1");
    }

    private void tick(RunningRoutes routes) {
        routes.template().sendBody("direct:rotation-request-due-at-tick", null);
    }

    private static void failOnce(RunningRoutes routes, String step) throws Exception {
        AtomicInteger failures = new AtomicInteger(1);
        AdviceWith.adviceWith(
                routes.context(),
                Prefix.ROTATION.id("publish-drifted-key"),
                advice -> advice.weaveById(step).before().process(exchange -> {
                    if (failures.getAndDecrement() > 0) {
                        throw new IllegalStateException("planted");
                    }
                }));
    }

    private void tickBefore(RunningRoutes routes, String step) throws Exception {
        String route = step.startsWith("record-started") || step.startsWith("call") ? "attempt-rotation" : "rotate";
        AdviceWith.adviceWith(routes.context(), Prefix.ROTATION.id(route), advice -> advice.weaveById(step)
                .before()
                .process(
                        new FutureProcessor<>(Rotation.class, rotation -> CompletableFuture.runAsync(() -> tick(routes))
                                .thenApply(ticked -> rotation))));
    }

    private static double drifted(RunningRoutes routes) {
        return routes.meters().get("rotation.drifted.credentials").gauge().value();
    }

    private LedgerEntry ledger() {
        return topics.records(topics.ledgerTopic()).stream()
                .filter(message -> new String(message.key(), UTF_8).equals(CREDENTIAL.toString()))
                .map(message -> TestTopics.read(message, LedgerEntry.class))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    private static String fingerprint(Generation generation) {
        return new ClientKey(generation.clientKey()).fingerprint();
    }
}
