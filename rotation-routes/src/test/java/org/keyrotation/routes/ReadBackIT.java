package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.ReceivedRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The credential is read before it is rotated, and after an answer that was lost: what that saves, and what it says. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class ReadBackIT {

    private static final String ID = "S2-0001";
    private static final RotationRequest REQUEST = RotationRequest.of(new CredentialId(TestTopics.COMPANY, ID));

    @Test
    void theKeyThatIsReplacedIsNamedByItsFingerprint(SandboxBroker broker, SimulatedManagementApi api) {
        api.addCredential(TestTopics.COMPANY, ID);
        String before = api.truth().currentKey(TestTopics.COMPANY, ID);

        ClientKeyRotated key = rotated(rotate(broker, api));

        assertThat(key.previousKeyFingerprint()).isEqualTo(new ClientKey(before).fingerprint());
        assertThat(key.recovered()).isFalse();
        assertThat(methods(api)).containsExactly("GET", "POST");
    }

    @Test
    void anInactiveCredentialIsRefusedBeforeAnythingIsChanged(SandboxBroker broker, SimulatedManagementApi api) {
        api.addCredential(TestTopics.COMPANY, ID);
        api.setActive(TestTopics.COMPANY, ID, false);

        RotationFailed failure = failed(rotate(broker, api));

        assertThat(failure.code()).isEqualTo(FailureCode.CREDENTIAL_INACTIVE);
        assertThat(failure.attempts()).isZero();
        assertThat(methods(api)).containsExactly("GET");
    }

    @Test
    void anUnknownCredentialIsRefusedBeforeAnythingIsChanged(SandboxBroker broker, SimulatedManagementApi api) {
        RotationFailed failure = failed(rotate(broker, api));

        assertThat(failure.code()).isEqualTo(FailureCode.CREDENTIAL_NOT_FOUND);
        assertThat(methods(api)).containsExactly("GET");
    }

    @Test
    void nothingIsRotatedWhileTheCredentialCannotBeRead(SandboxBroker broker, SimulatedManagementApi api) {
        api.addCredential(TestTopics.COMPANY, ID);
        api.faults().failNextReads(Fault.status(503), Fault.badGateway(), Fault.notJson(), Fault.status(500));

        RotationFailed failure = failed(rotate(broker, api));

        assertThat(failure.code()).isEqualTo(FailureCode.GAVE_UP);
        assertThat(failure.detail()).contains("could not be read").doesNotContain("all the same");
        assertThat(failure.attempts()).isZero();
        assertThat(api.truth().totalGenerations()).isZero();
    }

    static Stream<Fault> answersThatAreLostAfterTheRotation() {
        return Stream.of(
                Fault.reset().afterExecuting(),
                Fault.hang().afterExecuting(),
                Fault.truncated(),
                Fault.badChunk(),
                Fault.badHeader(),
                Fault.notJson(),
                Fault.withoutClientKey(),
                Fault.clientKey(""),
                Fault.noContent(),
                Fault.status(500).afterExecuting(),
                Fault.badGateway().afterExecuting());
    }

    @ParameterizedTest(
            name = "I2, I3: after {0}, without idempotency, the key is read back and the call is not repeated")
    @MethodSource("answersThatAreLostAfterTheRotation")
    void aKeyWhoseAnswerWasLostIsRecovered(Fault fault, SandboxBroker broker, SimulatedManagementApi api) {
        api.idempotency(false);
        api.addCredential(TestTopics.COMPANY, ID);
        api.faults().failNext(fault);

        ClientKeyRotated key = rotated(rotate(broker, api));

        assertThat(key.recovered()).isTrue();
        assertThat(key.clientKey().value()).isEqualTo(api.truth().currentKey(TestTopics.COMPANY, ID));
        assertThat(api.truth().generations(TestTopics.COMPANY, ID)).hasSize(1);
    }

    @Test
    void theKeyIsRecoveredThoughTheFirstReadingsFailToo(SandboxBroker broker, SimulatedManagementApi api) {
        api.idempotency(false);
        api.addCredential(TestTopics.COMPANY, ID);
        api.onRequest(request -> {
            if (request.method().equals("POST")) {
                api.faults().failNextReads(Fault.status(503), Fault.reset(), Fault.status(500));
            }
        });
        api.faults().failNext(Fault.reset().afterExecuting());

        ClientKeyRotated key = rotated(rotate(broker, api));

        assertThat(key.recovered()).isTrue();
        assertThat(api.truth().generations(TestTopics.COMPANY, ID)).hasSize(1);
    }

    @Test
    void aCallThatWasLostBeforeItRotatedIsMadeAgain(SandboxBroker broker, SimulatedManagementApi api) {
        api.idempotency(false);
        api.addCredential(TestTopics.COMPANY, ID);
        api.faults().failNext(Fault.reset());

        ClientKeyRotated key = rotated(rotate(broker, api));

        assertThat(key.recovered()).isFalse();
        assertThat(api.truth().generations(TestTopics.COMPANY, ID)).hasSize(1);
        assertThat(methods(api)).containsExactly("GET", "POST", "GET", "POST");
    }

    static Stream<Fault> readingsWhoseAnswerIsSpoilt() {
        return Stream.of(Fault.badChunk(), Fault.badHeader());
    }

    @ParameterizedTest(name = "I2, I3: though its first readings end in a {0}")
    @MethodSource("readingsWhoseAnswerIsSpoilt")
    void aKeyIsRecoveredThoughItsReadingsAreSpoiltToo(Fault fault, SandboxBroker broker, SimulatedManagementApi api) {
        api.idempotency(false);
        api.addCredential(TestTopics.COMPANY, ID);
        api.faults().failNextReads(fault);
        api.onRequest(request -> {
            if (request.method().equals("POST")) {
                api.faults().failNextReads(fault, fault);
            }
        });
        api.faults().failNext(fault);

        ClientKeyRotated key = rotated(rotate(broker, api));

        assertThat(key.recovered()).isTrue();
        assertThat(key.clientKey().value()).isEqualTo(api.truth().currentKey(TestTopics.COMPANY, ID));
        assertThat(api.truth().generations(TestTopics.COMPANY, ID)).hasSize(1);
    }

    @ParameterizedTest(name = "I2, I3: a gateway''s {0} of its own is not the API''s answer: the same key again")
    @ValueSource(ints = {500, 502, 503, 504})
    void aGatewaysErrorIsAskedForAgain(int status, SandboxBroker broker, SimulatedManagementApi api) {
        api.addCredential(TestTopics.COMPANY, ID);
        api.faults().failNext(Fault.gateway(status), Fault.gateway(status));

        ClientKeyRotated key = rotated(rotate(broker, api));

        assertThat(key.clientKey().value()).isEqualTo(api.truth().currentKey(TestTopics.COMPANY, ID));
        assertThat(api.truth().generations(TestTopics.COMPANY, ID)).hasSize(1);
        assertThat(idempotencyKeys(api))
                .hasSize(3)
                .containsOnly(idempotencyKeys(api).get(0));
    }

    static Stream<Fault> answersAheadOfTheRotation() {
        return Stream.of(
                Fault.gateway(502).executingLate(),
                Fault.gateway(503).executingLate(),
                Fault.gateway(504).executingLate(),
                Fault.badGateway().executingLate(),
                Fault.reset().executingLate());
    }

    @ParameterizedTest(name = "I2, I3: {0}, and still one rotation, whose key is published")
    @MethodSource("answersAheadOfTheRotation")
    void aKeyThatComesAfterItsErrorIsTheOnlyOne(Fault fault, SandboxBroker broker, SimulatedManagementApi api) {
        api.addCredential(TestTopics.COMPANY, ID);
        api.faults().failNext(fault);

        ClientKeyRotated key = rotated(rotate(broker, api));

        String first = idempotencyKeys(api).get(0);
        await().until(() -> api.truth().generations(TestTopics.COMPANY, ID).stream()
                .anyMatch(generation -> first.equals(generation.idempotencyKey())));
        assertThat(key.clientKey().value()).isEqualTo(api.truth().currentKey(TestTopics.COMPANY, ID));
        assertThat(api.truth().generations(TestTopics.COMPANY, ID)).hasSize(1);
        assertThat(idempotencyKeys(api).stream().distinct()).hasSize(1);
    }

    @Test
    @DisplayName("I2, I3: an error that the API told by its code is stored, and not asked for again: a new key")
    void aFailureThatTheApiStoredIsNotAskedForAgain(SandboxBroker broker, SimulatedManagementApi api) {
        api.addCredential(TestTopics.COMPANY, ID);
        api.faults().failNext(Fault.status(500), Fault.status(500));

        rotated(rotate(broker, api));

        assertThat(idempotencyKeys(api)).hasSize(3).doesNotHaveDuplicates();
        assertThat(api.truth().generations(TestTopics.COMPANY, ID)).hasSize(1);
    }

    @Test
    void whatTheApiCallsTransientIsAskedForAgain(SandboxBroker broker, SimulatedManagementApi api) {
        api.addCredential(TestTopics.COMPANY, ID);
        api.faults().failNext(Fault.status(500).transientError(), Fault.idempotencyStoreDown(), Fault.badGateway());

        rotated(rotate(broker, api));

        assertThat(idempotencyKeys(api))
                .hasSize(4)
                .containsOnly(idempotencyKeys(api).get(0));
    }

    @Test
    void withoutReadBackAFailureThatTheApiStoredIsNotAskedForAgain(SandboxBroker broker, SimulatedManagementApi api) {
        api.addCredential(TestTopics.COMPANY, ID);
        api.faults().failNext(Fault.status(500));

        rotated(rotate(TestTopics.of(broker, api).with("rotation.read-back", "false")));

        assertThat(idempotencyKeys(api)).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void withoutReadBackAnAnswerThatSaysDoneIsNotAskedForAgain(SandboxBroker broker, SimulatedManagementApi api) {
        api.addCredential(TestTopics.COMPANY, ID);
        api.faults().failNext(Fault.notJson());

        RotationFailed failure = failed(rotate(TestTopics.of(broker, api)
                .with("rotation.read-back", "false")
                .with("rotation.retry.give-up-after", "PT0S")));

        assertThat(failure.code()).isEqualTo(FailureCode.GAVE_UP);
        assertThat(failure.detail()).contains("may have generated a key all the same");
        assertThat(methods(api)).containsExactly("POST");
    }

    private static RotationOutcome rotate(SandboxBroker broker, SimulatedManagementApi api) {
        return rotate(TestTopics.of(broker, api)
                .with("rotation.api.response-timeout", Duration.ofSeconds(4).toString())
                .with("rotation.api.max-in-flight", "1") // a connection that is not given back would be missed
                .with("rotation.retry.give-up-after", "PT0S"));
    }

    private static RotationOutcome rotate(TestTopics lane) {
        try (RunningRoutes routes = lane.start()) {
            return routes.rotate(REQUEST);
        }
    }

    private static ClientKeyRotated rotated(RotationOutcome outcome) {
        return assertThat(outcome)
                .asInstanceOf(type(RotationOutcome.Rotated.class))
                .actual()
                .event();
    }

    private static RotationFailed failed(RotationOutcome outcome) {
        return assertThat(outcome)
                .asInstanceOf(type(RotationOutcome.Failed.class))
                .actual()
                .event();
    }

    private static List<String> idempotencyKeys(SimulatedManagementApi api) {
        return api.generateRequests().stream()
                .map(request -> request.header("Idempotency-Key").orElseThrow())
                .toList();
    }

    private static List<String> methods(SimulatedManagementApi api) {
        return api.requests().stream().map(ReceivedRequest::method).toList();
    }
}
