package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
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
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Components that a host application disables, and the extension points that it fills. */
@ExtendWith(TestTopicsExtension.class)
@Tag("embedding")
@Execution(ExecutionMode.CONCURRENT)
class OptionalComponentsIT {

    private static final RotationRequest REQUEST = RotationRequest.of(new CredentialId(COMPANY, "S2-1"));

    private final SandboxBroker broker;
    private final SimulatedManagementApi api;
    private final TestTopics topics;

    OptionalComponentsIT(SandboxBroker broker, SimulatedManagementApi api, TestTopics topics) {
        this.broker = broker;
        this.api = api;
        this.topics = topics;
    }

    @Test
    void rotateWorksWithIntakeAndPublishDisabled() {
        topics.with("rotation.intake.enabled", "false").with("rotation.publish.enabled", "false");
        try (RunningRoutes host = host().start(new RotationRoutes())) {
            RotationOutcome outcome = host.rotate(REQUEST);

            assertThat(outcome).isInstanceOfSatisfying(RotationOutcome.Rotated.class, rotated -> assertThat(
                            rotated.event().clientKey().value())
                    .isEqualTo(api.truth().currentKey(COMPANY, "S2-1")));
            assertThat(broker.topics().names())
                    .contains(topics.requestsTopic(), topics.ledgerTopic())
                    .doesNotContain(
                            topics.keysTopic(), topics.failuresTopic(), topics.satisfiedTopic(), topics.retryTopic());
        }
    }

    @Test
    void deferredRequestIsTheCallersWhenAllIsDisabled() {
        topics.with("rotation.intake.enabled", "false").with("rotation.publish.enabled", "false");
        api.faults().failNext(Fault.status(503).retryAfter(Duration.ofMinutes(10)));
        try (RunningRoutes host = host().start(new RotationRoutes())) {
            RotationRequest request = REQUEST.completed("mine", Instant.now());

            assertThat(host.rotate(request)).isInstanceOf(RotationOutcome.Deferred.class);
            assertThat(host.rotate(request)).isInstanceOf(RotationOutcome.Rotated.class);
            assertThat(api.truth().totalGenerations()).isEqualTo(1);
        }
    }

    @Test
    void requestIsProducedForOthersWhenAllIsDisabled() {
        topics.with("rotation.intake.enabled", "false").with("rotation.publish.enabled", "false");
        try (RunningRoutes host = host().start(new RotationRoutes())) {
            host.await(() -> host.health("rotation-topics").getState().name().equals("UP"));
            host.template().sendBody(RotationRoutes.REQUEST_CLIENT_KEY_ROTATION, REQUEST);

            assertThat(topics.records(topics.requestsTopic())).hasSize(1);
            assertThat(api.requests()).isEmpty();
        }
    }

    @Test
    @Tag("I1")
    void outcomesWithoutAReceiverStopTheStart() {
        topics.with("rotation.publish.enabled", "false");
        try (RunningRoutes host = host()) {
            assertThatThrownBy(() -> host.start(new RotationRoutes()))
                    .rootCause()
                    .hasMessageContaining("rotation.publish.enabled: invalid value 'false'")
                    .hasMessageContaining("OutcomeHandler");
        }
    }

    @Test
    @Tag("I1")
    void outcomesWithoutAReceiverStopTheStartWithBuiltSettingsToo() {
        RotationSettings made = topics.settings();
        PublishSettings publish = made.publish();
        RotationSettings unpublished = new RotationSettings(
                made.api(),
                made.rotate(),
                made.ledger(),
                made.intake(),
                made.retry(),
                new PublishSettings(
                        false,
                        publish.keysTopic(),
                        publish.failuresTopic(),
                        publish.satisfiedTopic(),
                        publish.isDeferring()),
                made.schedule(),
                made.drift(),
                made.adoption(),
                made.topics());
        try (RunningRoutes host = host()) {
            assertThatThrownBy(() -> host.start(new RotationRoutes(unpublished)))
                    .rootCause()
                    .hasMessageContaining("rotation.publish.enabled: invalid value 'false'");
        }
    }

    @Test
    @Tag("I1")
    @Tag("I5")
    void requestCompletesOnlyAfterItsOutcomeIsHandled() {
        List<RotationOutcome> handled = new CopyOnWriteArrayList<>();
        AtomicInteger failures = new AtomicInteger(1);
        RotationRoutes routes = new RotationRoutes().outcomeHandler(outcome -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("planted");
            }
            handled.add(outcome);
        });
        topics.with("rotation.publish.enabled", "false");
        try (RunningRoutes host = host().start(routes).awaitIntake()) {
            topics.request("S2-1");
            topics.request("S2-unknown");
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
    @Tag("I1")
    void outcomeIsPublishedThenHandledThenSettled() {
        AtomicInteger published = new AtomicInteger();
        AtomicBoolean settled = new AtomicBoolean(true);
        try (RunningRoutes host = host().start(new RotationRoutes().outcomeHandler(outcome -> {
                    published.set(topics.rotated().size());
                    settled.set(topics.records(topics.ledgerTopic()).stream()
                            .anyMatch(entry -> new String(entry.value(), UTF_8).contains("\"request-S2-1\"]")));
                }))
                .awaitIntake()) {
            topics.request("S2-1");
            host.awaitCommitted();
        }

        assertThat(published).hasValue(1);
        assertThat(settled).isFalse();
    }

    @Test
    void authProviderIsAskedAtEachCall() {
        ApiUser next = api.addUser(COMPANY);
        AtomicReference<String> key = new AtomicReference<>(api.apiKey());
        topics.without("rotation.api.key");
        try (RunningRoutes host = host().start(
                        new RotationRoutes().authProvider(company -> ApiAuth.apiKey(requireNonNull(key.get()))))
                .awaitIntake()) {
            topics.request("S2-1");
            host.awaitCommitted();
            key.set(next.apiKey());
            topics.request("S2-unknown");
            host.awaitCommitted();
        }

        assertThat(api.requests().stream().map(OptionalComponentsIT::keyOf).distinct())
                .containsExactly(api.apiKey(), next.apiKey());
        assertThat(topics.rotated()).hasSize(1);
    }

    @Test
    @Tag("I1")
    @Tag("I6")
    void requestsWaitWhileTheAuthProviderFails() {
        AtomicInteger failures = new AtomicInteger(10);
        topics.without("rotation.api.key");
        RotationRoutes routes = new RotationRoutes().authProvider(company -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("vault says " + api.apiKey());
            }
            return ApiAuth.apiKey(api.apiKey());
        });
        try (RunningRoutes host = host().start(routes).awaitIntake()) {
            topics.request("S2-1");
            host.awaitCommitted();
        }

        assertThat(topics.rotated()).hasSize(1);
        assertThat(topics.records(topics.retryTopic())).isNotEmpty().allSatisfy(deferred -> assertThat(new String(
                        deferred.headers().lastHeader("rotation-last-error").value(), UTF_8))
                .contains("IllegalStateException")
                .doesNotContain(api.apiKey()));
    }

    @Test
    @Tag("I1")
    void replacedKeyFileEndsTheDeferralsOfARevokedKey(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("api-key"), "revoked-key\n");
        topics.without("rotation.api.key");
        topics.properties().put("rotation.api.key-file", file.toString());
        try (RunningRoutes host = host().start(new RotationRoutes()).awaitIntake()) {
            topics.request("S2-1");
            host.await(() -> host.health("rotation-api-authentication").getState() == HealthCheck.State.DOWN);
            Files.writeString(file, api.apiKey() + "\n");
            host.await(() -> topics.rotated().size() == 1);

            assertThat(host.health("rotation-api-authentication").getState()).isEqualTo(HealthCheck.State.UP);
        }
        assertThat(topics.failed()).isEmpty();
    }

    @Test
    void companyUnknownToTheAuthProviderIsForbidden() {
        topics.without("rotation.api.key");
        try (RunningRoutes host =
                host().start(new RotationRoutes().authProvider(company -> null)).awaitIntake()) {
            topics.request("S2-1");
            host.awaitCommitted();
        }

        assertThat(topics.failed()).singleElement().satisfies(failed -> assertThat(failed.code())
                .isEqualTo(FailureCode.FORBIDDEN));
        assertThat(api.requests()).isEmpty();
    }

    @Test
    @Tag("I6")
    void rejectedAuthIsReportedByItsCompanyOnly() {
        topics.without("rotation.api.key");
        try (RunningRoutes host = host().start(
                        new RotationRoutes().authProvider(company -> ApiAuth.apiKey("wrong-key")))
                .awaitIntake()) {
            topics.request("S2-1");
            host.await(() -> host.health("rotation-api-authentication").getState() == HealthCheck.State.DOWN);

            assertThat(host.health("rotation-api-authentication").getMessage())
                    .hasValue("The API rejected (401) the authentication of company " + COMPANY);
        }
    }

    /** A context that has the properties of the topics. */
    private RunningRoutes host() {
        return RunningRoutes.unstarted(topics).withProperties(topics.properties());
    }

    private static String keyOf(ReceivedRequest request) {
        return request.header("X-API-Key").orElse("");
    }
}
