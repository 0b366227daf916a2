package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ApiAuth;
import org.keyrotation.routes.publish.PublishSettings;
import org.keyrotation.sandbox.ApiUser;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.ReceivedRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Only the parts that an application wants, and the places where it puts in its own. */
@ExtendWith(SandboxExtension.class)
@Tag("embedding")
@Execution(ExecutionMode.CONCURRENT)
class OptionalComponentsIT {

    private static final RotationRequest REQUEST = RotationRequest.of(new CredentialId(COMPANY, "S2-1"));

    private SandboxBroker broker;
    private SimulatedManagementApi api;
    private TestTopics lane;

    @BeforeEach
    void openALane(SandboxBroker shared, SimulatedManagementApi fresh) {
        broker = shared;
        api = fresh;
        api.addCredential(COMPANY, "S2-1");
        lane = TestTopics.of(shared, fresh);
    }

    @Test
    void withAllOffTheDoorAnswersAndNothingIsPublished() {
        lane.with("rotation.intake.enabled", "false").with("rotation.publish.enabled", "false");
        try (RunningRoutes host = host().start(new RotationRoutes())) {
            RotationOutcome outcome = host.rotate(REQUEST);

            assertThat(outcome).isInstanceOfSatisfying(RotationOutcome.Rotated.class, rotated -> assertThat(
                            rotated.event().clientKey().value())
                    .isEqualTo(api.truth().currentKey(COMPANY, "S2-1")));
            assertThat(broker.topics().names())
                    .contains(lane.requestsTopic(), lane.ledgerTopic())
                    .doesNotContain(lane.keysTopic(), lane.failuresTopic(), lane.retryTopic());
        }
    }

    @Test
    void withAllOffWhatCannotBeDoneNowIsTheCallersToTryAgain() {
        lane.with("rotation.intake.enabled", "false").with("rotation.publish.enabled", "false");
        api.faults().failNext(Fault.status(503).retryAfter(Duration.ofMinutes(10)));
        try (RunningRoutes host = host().start(new RotationRoutes())) {
            RotationRequest request = REQUEST.completed("mine", Instant.now());

            assertThat(host.rotate(request)).isInstanceOf(RotationOutcome.Deferred.class);
            assertThat(host.rotate(request)).isInstanceOf(RotationOutcome.Rotated.class);
            assertThat(api.truth().totalGenerations()).isEqualTo(1);
        }
    }

    @Test
    void withAllOffARequestIsPutOntoItsTopicForOthers() {
        lane.with("rotation.intake.enabled", "false").with("rotation.publish.enabled", "false");
        try (RunningRoutes host = host().start(new RotationRoutes())) {
            host.await(() -> host.health("rotation-topics").getState().name().equals("UP"));
            host.template().sendBody(RotationRoutes.REQUEST_CLIENT_KEY_ROTATION, REQUEST);

            assertThat(lane.records(lane.requestsTopic())).hasSize(1);
            assertThat(api.requests()).isEmpty();
        }
    }

    @Test
    @DisplayName("I1: outcomes that are neither published nor handled are refused at the start")
    void outcomesThatNobodyTakesAreRefused() {
        lane.with("rotation.publish.enabled", "false");
        try (RunningRoutes host = host()) {
            assertThatThrownBy(() -> host.start(new RotationRoutes()))
                    .rootCause()
                    .hasMessageContaining("rotation.publish.enabled: it is false")
                    .hasMessageContaining("OutcomeHandler");
        }
    }

    @Test
    @DisplayName("I1: so are they where the settings are made by hand")
    void outcomesThatNobodyTakesAreRefusedWithSettingsMadeByHandToo() {
        RotationSettings made = lane.settings();
        PublishSettings publish = made.publish();
        RotationSettings unpublished = new RotationSettings(
                made.api(),
                made.rotate(),
                made.ledger(),
                made.intake(),
                new PublishSettings(
                        false, publish.keysTopic(), publish.failuresTopic(), publish.defers(), publish.retries()),
                made.schedule(),
                made.topics());
        try (RunningRoutes host = host()) {
            assertThatThrownBy(() -> host.start(new RotationRoutes(unpublished)))
                    .rootCause()
                    .hasMessageContaining("rotation.publish.enabled: it is false");
        }
    }

    @Test
    @DisplayName("I1, I5: a request is done only when its outcome is handled, and that is tried until it is")
    void aRequestIsDoneOnlyWhenItsOutcomeIsHandled() {
        List<RotationOutcome> handled = new CopyOnWriteArrayList<>();
        AtomicInteger failures = new AtomicInteger(1);
        RotationRoutes routes = new RotationRoutes().outcomeHandler(outcome -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("planted");
            }
            handled.add(outcome);
        });
        lane.with("rotation.publish.enabled", "false");
        try (RunningRoutes host = host().start(routes).awaitOpen()) {
            lane.request("S2-1");
            lane.request("S2-unknown");
            host.awaitCommitted();
        }

        assertThat(handled).hasSize(2);
        assertThat(handled).anySatisfy(outcome -> assertThat(outcome)
                .isInstanceOfSatisfying(RotationOutcome.Rotated.class, rotated -> assertThat(
                                rotated.event().clientKey().value())
                        .isEqualTo(api.truth().currentKey(COMPANY, "S2-1"))));
        assertThat(handled).anySatisfy(outcome -> assertThat(outcome)
                .isInstanceOfSatisfying(
                        RotationOutcome.Failed.class,
                        failed -> assertThat(failed.event().code()).isEqualTo(FailureCode.CREDENTIAL_NOT_FOUND)));
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    @Test
    @DisplayName("I1: an outcome is published before it is handled, and its request settled after that")
    void anOutcomeIsPublishedBeforeItIsHandledAndItsRequestSettledAfter() {
        AtomicInteger published = new AtomicInteger();
        AtomicBoolean settled = new AtomicBoolean(true);
        try (RunningRoutes host = host().start(new RotationRoutes().outcomeHandler(outcome -> {
                    published.set(lane.rotated().size());
                    settled.set(lane.records(lane.ledgerTopic()).stream()
                            .anyMatch(entry -> new String(entry.value(), UTF_8).contains("\"request-S2-1\"]")));
                }))
                .awaitOpen()) {
            lane.request("S2-1");
            host.awaitCommitted();
        }

        assertThat(published).hasValue(1);
        assertThat(settled).isFalse();
    }

    @Test
    void theSourceOfTheSignInIsAskedAtEachCall() {
        ApiUser next = api.addUser(COMPANY);
        AtomicReference<String> key = new AtomicReference<>(api.apiKey());
        lane.without("rotation.api.key");
        try (RunningRoutes host = host().start(
                        new RotationRoutes().authProvider(company -> ApiAuth.apiKey(requireNonNull(key.get()))))
                .awaitOpen()) {
            lane.request("S2-1");
            host.awaitCommitted();
            key.set(next.apiKey());
            lane.request("S2-unknown");
            host.awaitCommitted();
        }

        assertThat(api.requests().stream().map(OptionalComponentsIT::keyOf).distinct())
                .containsExactly(api.apiKey(), next.apiKey());
        assertThat(lane.rotated()).hasSize(1);
    }

    @Test
    @DisplayName("I1, I6: while the source of the sign-in fails, requests wait, and what it says is told nowhere")
    void whileTheSourceOfTheSignInFailsRequestsWait() {
        AtomicInteger failures = new AtomicInteger(10);
        lane.without("rotation.api.key");
        RotationRoutes routes = new RotationRoutes().authProvider(company -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("vault says " + api.apiKey());
            }
            return ApiAuth.apiKey(api.apiKey());
        });
        try (RunningRoutes host = host().start(routes).awaitOpen()) {
            lane.request("S2-1");
            host.awaitCommitted();
        }

        assertThat(lane.rotated()).hasSize(1);
        assertThat(lane.records(lane.retryTopic())).isNotEmpty().allSatisfy(deferred -> assertThat(new String(
                        deferred.headers().lastHeader("rotation-last-error").value(), UTF_8))
                .contains("IllegalStateException")
                .doesNotContain(api.apiKey()));
    }

    @Test
    void aCompanyThatTheSourceDoesNotKnowIsForbidden() {
        lane.without("rotation.api.key");
        try (RunningRoutes host =
                host().start(new RotationRoutes().authProvider(company -> null)).awaitOpen()) {
            lane.request("S2-1");
            host.awaitCommitted();
        }

        assertThat(lane.failed()).singleElement().satisfies(failed -> assertThat(failed.code())
                .isEqualTo(FailureCode.FORBIDDEN));
        assertThat(api.requests()).isEmpty();
    }

    @Test
    @DisplayName("I6: a sign-in of the source that the API refuses is told by the health check, by its company alone")
    void aSignInThatTheApiRefusesIsToldByItsCompany() {
        lane.without("rotation.api.key");
        try (RunningRoutes host = host().start(
                        new RotationRoutes().authProvider(company -> ApiAuth.apiKey("wrong-key")))
                .awaitOpen()) {
            lane.request("S2-1");
            host.await(() -> host.health("rotation-api-authentication").getState() == HealthCheck.State.DOWN);

            assertThat(host.health("rotation-api-authentication").getMessage())
                    .hasValue("The API refused (401) the sign-in of company " + COMPANY);
        }
    }

    /** With the lane's properties in its context. */
    private RunningRoutes host() {
        return RunningRoutes.notStarted(lane).withProperties(lane.properties());
    }

    private static String keyOf(ReceivedRequest request) {
        return request.header("X-API-Key").orElse("");
    }
}
