package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
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
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The credential is read before its rotation, and after a lost response. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class ReadBackIT {

    private static final String ID = "S2-1";
    private static final RotationRequest REQUEST = RotationRequest.of(new CredentialId(COMPANY, ID));

    private final SimulatedManagementApi api;
    private final TestTopics topics;

    ReadBackIT(SimulatedManagementApi api, TestTopics topics) {
        this.api = api;
        this.topics = topics;
    }

    @Test
    void previousKeyIsNamedByItsFingerprint() {
        String before = api.truth().currentKey(COMPANY, ID);

        ClientKeyRotated key = rotated(rotate());

        assertThat(key.previousKeyFingerprint()).isEqualTo(new ClientKey(before).fingerprint());
        assertThat(key.recovered()).isFalse();
        assertThat(methods()).containsExactly("GET", "POST");
    }

    @Test
    void inactiveCredentialFailsBeforeAnyChange() {
        api.setActive(COMPANY, ID, false);

        RotationFailed failure = failed(rotate());

        assertThat(failure.code()).isEqualTo(FailureCode.CREDENTIAL_INACTIVE);
        assertThat(failure.attempts()).isZero();
        assertThat(methods()).containsExactly("GET");
    }

    @Test
    void unknownCredentialFailsBeforeAnyChange() {
        api.removeCredential(COMPANY, ID);

        RotationFailed failure = failed(rotate());

        assertThat(failure.code()).isEqualTo(FailureCode.CREDENTIAL_NOT_FOUND);
        assertThat(methods()).containsExactly("GET");
    }

    @Test
    void unreadableCredentialIsNotRotated() {
        api.faults().failNextReads(Fault.status(503), Fault.badGateway(), Fault.notJson(), Fault.status(500));

        RotationFailed failure = failed(rotate());

        assertThat(failure.code()).isEqualTo(FailureCode.GAVE_UP);
        assertThat(failure.detail()).contains("could not be read").doesNotContain("nevertheless");
        assertThat(failure.attempts()).isZero();
        assertThat(api.truth().totalGenerations()).isZero();
    }

    static Stream<Fault> foreignErrors() {
        return Stream.of(Fault.html(403), Fault.html(404), Fault.empty(404), Fault.gateway(400));
    }

    @ParameterizedTest
    @MethodSource("foreignErrors")
    void errorThatIsNotTheApisSaysNothingOfTheCredential(Fault fault) {
        api.faults().failNextReads(fault, fault, fault, fault);

        RotationFailed failure = failed(rotate());

        assertThat(failure.code()).isEqualTo(FailureCode.GAVE_UP);
        assertThat(failure.detail()).contains("could not be read").doesNotContain("nevertheless");
        assertThat(api.generateRequests()).isEmpty();
    }

    static Stream<Fault> absentKeys() {
        return Stream.of(Fault.withoutClientKey(), Fault.clientKey(""), Fault.clientKey(null));
    }

    @ParameterizedTest
    @MethodSource("absentKeys")
    void firstKeyReplacesNone(Fault absent) {
        api.faults().failNextReads(absent, absent);

        ClientKeyRotated key = rotated(rotate());

        assertThat(key.previousKeyFingerprint()).isNull();
        assertThat(key.recovered()).isFalse();
        assertThat(methods()).containsExactly("GET", "GET", "POST");
    }

    @Test
    @Tag("I2")
    @Tag("I3")
    void keyThatOneReadOmitsIsNotTakenForTheNewOne() {
        api.idempotency(false);
        String before = api.truth().currentKey(COMPANY, ID);
        api.faults().failNextReads(Fault.withoutClientKey());
        api.faults().failNext(Fault.reset());

        ClientKeyRotated key = rotated(rotate());

        assertThat(key.previousKeyFingerprint()).isEqualTo(new ClientKey(before).fingerprint());
        assertThat(key.clientKey().value()).isEqualTo(api.truth().currentKey(COMPANY, ID));
        assertThat(api.truth().generations(COMPANY, ID)).hasSize(1);
    }

    @Test
    @Tag("I3")
    void credentialThatWasRotatedHasAKey() {
        Fault absent = Fault.withoutClientKey();
        try (RunningRoutes routes = topics.with("rotation.min-interval", "PT0S")
                .with("rotation.retry.give-up-after", "PT0S")
                .start()) {
            rotated(routes.rotate(REQUEST));
            api.faults().failNextReads(absent, absent, absent, absent);

            RotationFailed failure = failed(routes.rotate(REQUEST));

            assertThat(failure.code()).isEqualTo(FailureCode.GAVE_UP);
            assertThat(failure.detail()).isEqualTo("The credential was read without its client key");
        }
        assertThat(api.truth().generations(COMPANY, ID)).hasSize(1);
    }

    @Test
    @Tag("I2")
    @Tag("I3")
    void lostFirstKeyIsRecovered() {
        api.idempotency(false);
        api.addCredentialWithoutKey(COMPANY, ID);
        api.faults().failNext(Fault.reset(), Fault.reset().afterExecuting());

        ClientKeyRotated key = rotated(rotate());

        assertThat(key.recovered()).isTrue();
        assertThat(key.previousKeyFingerprint()).isNull();
        assertThat(key.clientKey().value()).isEqualTo(api.truth().currentKey(COMPANY, ID));
        assertThat(api.truth().generations(COMPANY, ID)).hasSize(1);
    }

    @Test
    @Tag("I2")
    void keyThatIsMissingAfterALostResponseProvesNothing() {
        api.idempotency(false);
        api.onRequest(request -> {
            if (request.method().equals("POST")) {
                api.faults().failNextReads(Fault.withoutClientKey());
            }
        });
        api.faults().failNext(Fault.reset().afterExecuting());

        ClientKeyRotated key = rotated(rotate());

        assertThat(key.recovered()).isTrue();
        assertThat(api.truth().generations(COMPANY, ID)).hasSize(1);
    }

    static Stream<Fault> responsesLostAfterTheRotation() {
        return Stream.of(
                Fault.html(401).afterExecuting(),
                Fault.html(403).afterExecuting(),
                Fault.empty(404).afterExecuting(),
                Fault.html(407).afterExecuting(),
                Fault.html(429).afterExecuting(),
                Fault.html(429).retryAfter(Duration.ZERO).afterExecuting(),
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

    @ParameterizedTest
    @MethodSource("responsesLostAfterTheRotation")
    @Tag("I2")
    @Tag("I3")
    void keyOfALostResponseIsRecovered(Fault fault) {
        api.idempotency(false);
        api.faults().failNext(fault);

        ClientKeyRotated key = rotated(rotate());

        assertThat(key.recovered()).isTrue();
        assertThat(key.clientKey().value()).isEqualTo(api.truth().currentKey(COMPANY, ID));
        assertThat(api.truth().generations(COMPANY, ID)).hasSize(1);
    }

    @Test
    @Tag("I2")
    void keyBehindARateLimitOfAGatewayIsRecoveredAfterItsDelay() {
        api.idempotency(false);
        api.faults().failNext(Fault.html(429).retryAfter(Duration.ofSeconds(1)).afterExecuting());

        topics.processAll(() -> topics.request(ID));

        assertThat(topics.rotated()).singleElement().satisfies(key -> assertThat(key.recovered())
                .isTrue());
        assertThat(api.truth().generations(COMPANY, ID)).hasSize(1);
    }

    @Test
    @Tag("I2")
    void keyIsRecoveredThoughTheFirstReadsFail() {
        api.idempotency(false);
        api.onRequest(request -> {
            if (request.method().equals("POST")) {
                api.faults().failNextReads(Fault.status(503), Fault.reset(), Fault.status(500));
            }
        });
        api.faults().failNext(Fault.reset().afterExecuting());

        ClientKeyRotated key = rotated(rotate());

        assertThat(key.recovered()).isTrue();
        assertThat(api.truth().generations(COMPANY, ID)).hasSize(1);
    }

    @Test
    @Tag("I2")
    void callLostBeforeItsExecutionIsRepeated() {
        api.idempotency(false);
        api.faults().failNext(Fault.reset());

        ClientKeyRotated key = rotated(rotate());

        assertThat(key.recovered()).isFalse();
        assertThat(api.truth().generations(COMPANY, ID)).hasSize(1);
        assertThat(methods()).containsExactly("GET", "POST", "GET", "POST");
    }

    static Stream<Fault> corruptReadResponses() {
        return Stream.of(Fault.badChunk(), Fault.badHeader());
    }

    @ParameterizedTest
    @MethodSource("corruptReadResponses")
    @Tag("I2")
    @Tag("I3")
    void keyIsRecoveredThoughReadResponsesAreCorrupt(Fault fault) {
        api.idempotency(false);
        api.faults().failNextReads(fault);
        api.onRequest(request -> {
            if (request.method().equals("POST")) {
                api.faults().failNextReads(fault, fault);
            }
        });
        api.faults().failNext(fault);

        ClientKeyRotated key = rotated(rotate());

        assertThat(key.recovered()).isTrue();
        assertThat(key.clientKey().value()).isEqualTo(api.truth().currentKey(COMPANY, ID));
        assertThat(api.truth().generations(COMPANY, ID)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    @Tag("I2")
    @Tag("I3")
    void gatewayErrorIsRetriedWithTheSameIdempotencyKey(int status) {
        api.faults().failNext(Fault.gateway(status), Fault.gateway(status));

        ClientKeyRotated key = rotated(rotate());

        assertThat(key.clientKey().value()).isEqualTo(api.truth().currentKey(COMPANY, ID));
        assertThat(api.truth().generations(COMPANY, ID)).hasSize(1);
        assertThat(idempotencyKeys()).hasSize(3).containsOnly(idempotencyKeys().get(0));
    }

    static Stream<Fault> responsesAheadOfTheRotation() {
        return Stream.of(
                Fault.gateway(502).executingLate(),
                Fault.gateway(503).executingLate(),
                Fault.gateway(504).executingLate(),
                Fault.badGateway().executingLate(),
                Fault.reset().executingLate());
    }

    @ParameterizedTest
    @MethodSource("responsesAheadOfTheRotation")
    @Tag("I2")
    @Tag("I3")
    void rotationExecutedAfterItsErrorResponseIsTheOnlyOne(Fault fault) {
        api.faults().failNext(fault);

        ClientKeyRotated key = rotated(rotate());

        String first = idempotencyKeys().get(0);
        await().until(() -> api.truth().generations(COMPANY, ID).stream()
                .anyMatch(generation -> first.equals(generation.idempotencyKey())));
        assertThat(key.clientKey().value()).isEqualTo(api.truth().currentKey(COMPANY, ID));
        assertThat(api.truth().generations(COMPANY, ID)).hasSize(1);
        assertThat(idempotencyKeys().stream().distinct()).hasSize(1);
    }

    @Test
    @Tag("I2")
    @Tag("I3")
    void storedApiErrorIsRetriedWithANewIdempotencyKey() {
        api.faults().failNext(Fault.status(500), Fault.status(500));

        rotated(rotate());

        assertThat(idempotencyKeys()).hasSize(3).doesNotHaveDuplicates();
        assertThat(api.truth().generations(COMPANY, ID)).hasSize(1);
    }

    @Test
    void transientApiErrorIsRetriedWithTheSameIdempotencyKey() {
        api.faults().failNext(Fault.status(500).transientError(), Fault.idempotencyStoreDown(), Fault.badGateway());

        rotated(rotate());

        assertThat(idempotencyKeys()).hasSize(4).containsOnly(idempotencyKeys().get(0));
    }

    @Test
    void withoutReadBackStoredApiErrorIsRetriedWithANewIdempotencyKey() {
        api.faults().failNext(Fault.status(500));

        rotated(rotate(topics.with("rotation.read-back", "false")));

        assertThat(idempotencyKeys()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void withoutReadBackReportedSuccessIsNotRepeated() {
        api.faults().failNext(Fault.notJson());

        RotationFailed failure =
                failed(rotate(topics.with("rotation.read-back", "false").with("rotation.retry.give-up-after", "PT0S")));

        assertThat(failure.code()).isEqualTo(FailureCode.GAVE_UP);
        assertThat(failure.detail()).contains("may have generated a key nevertheless");
        assertThat(methods()).containsExactly("POST");
    }

    private RotationOutcome rotate() {
        return rotate(topics.with(
                        "rotation.api.response-timeout", Duration.ofSeconds(8).toString())
                .with("rotation.api.max-in-flight", "1") // shows a connection that is not returned to the pool
                .with("rotation.retry.give-up-after", "PT0S"));
    }

    private static RotationOutcome rotate(TestTopics topics) {
        try (RunningRoutes routes = topics.start()) {
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

    private List<String> idempotencyKeys() {
        return api.generateRequests().stream()
                .map(request -> request.header("Idempotency-Key").orElseThrow())
                .toList();
    }

    private List<String> methods() {
        return api.requests().stream().map(ReceivedRequest::method).toList();
    }
}
