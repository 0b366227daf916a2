package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.model.FailureCode.CREDENTIAL_NOT_FOUND;
import static org.keyrotation.model.FailureCode.FORBIDDEN;
import static org.keyrotation.model.FailureCode.GAVE_UP;
import static org.keyrotation.model.FailureCode.REJECTED;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyrotation.model.ApiProblem;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.ReceivedRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.Topics;

/** Every answer of the API has its outcome, and its number of calls, where nothing is read back. Each case has a credential of its own. */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiResponseIT {

    private static final int ALL_TRIES = 4;
    private static final SimulatedManagementApi ELSEWHERE = SimulatedManagementApi.start();

    private final SimulatedManagementApi api = SimulatedManagementApi.start();
    private RunningRoutes routes;

    ApiResponseIT(SandboxBroker broker) {
        TestTopics lane = TestTopics.of(broker, api)
                .with("rotation.api.response-timeout", "PT1.5S")
                .with("rotation.read-back", "false")
                .with("rotation.retry.give-up-after", "PT0S");
        routes = lane.start();
    }

    @BeforeAll
    void warmUp() {
        rotate(new CredentialId("AcmeCorp", "S2-first"));
    }

    @AfterAll
    void stop() {
        routes.close();
        api.close();
        ELSEWHERE.close();
    }

    static Stream<Ending> endings() {
        return Stream.of(
                // for good
                new Ending(Fault.status(400), REJECTED, 1, 400),
                new Ending(Fault.status(403), FORBIDDEN, 1, 403),
                new Ending(Fault.status(404), CREDENTIAL_NOT_FOUND, 1, 404),
                new Ending(Fault.status(405), REJECTED, 1, 405),
                new Ending(Fault.status(409), REJECTED, 1, 409),
                new Ending(Fault.status(410), REJECTED, 1, 410),
                new Ending(Fault.status(422), REJECTED, 1, 422),
                new Ending(Fault.html(404), CREDENTIAL_NOT_FOUND, 1, 0),
                new Ending(Fault.redirect(ELSEWHERE.baseUrl() + "/me"), REJECTED, 1, 0),
                new Ending(Fault.status(307), REJECTED, 1, 307),
                // for now
                new Ending(Fault.status(401), GAVE_UP, ALL_TRIES, 401),
                new Ending(Fault.status(408), GAVE_UP, ALL_TRIES, 408),
                new Ending(Fault.inProgress(), GAVE_UP, ALL_TRIES, 409),
                new Ending(Fault.status(422, "704"), GAVE_UP, ALL_TRIES, 422),
                new Ending(Fault.status(429), GAVE_UP, ALL_TRIES, 429),
                new Ending(Fault.status(429).retryAfter(Duration.ZERO), GAVE_UP, ALL_TRIES, 429),
                new Ending(Fault.status(500), GAVE_UP, ALL_TRIES, 500),
                new Ending(Fault.status(500).transientError(), GAVE_UP, ALL_TRIES, 500),
                new Ending(Fault.status(501), GAVE_UP, ALL_TRIES, 501),
                new Ending(Fault.badGateway(), GAVE_UP, ALL_TRIES, 0),
                new Ending(Fault.status(503), GAVE_UP, ALL_TRIES, 503),
                new Ending(Fault.idempotencyStoreDown(), GAVE_UP, ALL_TRIES, 503),
                // for now, and it asks for a longer wait than this request may hold up the others
                new Ending(Fault.status(429).retryAfter(Duration.ofSeconds(1)), GAVE_UP, 1, 429),
                new Ending(Fault.status(429).retryAfter(Duration.ofSeconds(31)), GAVE_UP, 1, 429),
                new Ending(Fault.status(503).retryAfter(Instant.now().plusSeconds(600)), GAVE_UP, 1, 503),
                new Ending(Fault.status(429).retryAfter(Duration.ofDays(9999)), GAVE_UP, 1, 429),
                // done, by its status, and what was done is not told: to ask again could do it twice
                new Ending(Fault.noContent(), GAVE_UP, 1, 0),
                new Ending(Fault.notJson(), GAVE_UP, 1, 0),
                new Ending(Fault.html(200).afterExecuting(), GAVE_UP, 1, 0),
                new Ending(Fault.withoutClientKey(), GAVE_UP, 1, 0),
                new Ending(Fault.clientKey(""), GAVE_UP, 1, 0),
                new Ending(Fault.clientKey(null), GAVE_UP, 1, 0),
                new Ending(Fault.clientKey(42), GAVE_UP, 1, 0),
                new Ending(Fault.clientKey(List.of("test_A")), GAVE_UP, 1, 0),
                // nobody knows
                new Ending(Fault.truncated(), GAVE_UP, ALL_TRIES, 0),
                new Ending(Fault.hang(), GAVE_UP, ALL_TRIES, 0),
                new Ending(Fault.reset(), GAVE_UP, ALL_TRIES, 0),
                new Ending(Fault.reset().afterExecuting(), GAVE_UP, ALL_TRIES, 0));
    }

    @ParameterizedTest
    @MethodSource("endings")
    @Execution(ExecutionMode.CONCURRENT)
    void anAnswerThatStaysHasItsOutcome(Ending expected) {
        CredentialId credential = credential(Collections.nCopies(10, expected.planted()));

        RotationFailed failed = failure(rotate(credential));

        assertThat(failed.code()).isEqualTo(expected.code());
        assertThat(failed.retryable()).isEqualTo(expected.code() == GAVE_UP);
        assertThat(failed.attempts()).isEqualTo(expected.attempts());
        assertThat(requests(credential)).hasSize(expected.attempts());
        assertThat(statusOf(failed.problem())).isEqualTo(expected.problemStatus());
        assertThat(failed.detail()).isNotBlank();
        assertThat(failed.toString()).doesNotContain("S3NSITIVE");
        assertThat(ELSEWHERE.requests()).isEmpty();
    }

    static Stream<Recovery> recoveries() {
        return Stream.of(
                Recovery.ofAnEndedAttempt(Fault.status(401)),
                Recovery.ofAnEndedAttempt(
                        Fault.status(429).retryAfter(Instant.now().minusSeconds(5))),
                new Recovery(Fault.status(408)),
                new Recovery(Fault.badGateway(), Fault.status(503)),
                new Recovery(Fault.gateway(502), Fault.gateway(503), Fault.gateway(504)),
                new Recovery(Fault.status(500).transientError()),
                new Recovery(Fault.idempotencyStoreDown(), Fault.idempotencyStoreDown()),
                new Recovery(Fault.inProgress()),
                new Recovery(Fault.status(422, "704")),
                new Recovery(Fault.hang()),
                new Recovery(Fault.hang().afterExecuting()),
                new Recovery(Fault.reset(), Fault.reset()),
                new Recovery(Fault.reset().afterExecuting()));
    }

    @ParameterizedTest(name = "I2, I3: [{index}] {0}")
    @MethodSource("recoveries")
    @Execution(ExecutionMode.CONCURRENT)
    void anAnswerThatPassesIsGotOverWithOneRotation(Recovery expected) {
        CredentialId credential = credential(expected.faults());

        RotationOutcome outcome = rotate(credential);

        assertThat(outcome).isInstanceOfSatisfying(RotationOutcome.Rotated.class, rotated -> assertThat(
                        rotated.event().clientKey().value())
                .isEqualTo(api.truth().currentKey(credential.companyId(), credential.apiCredentialId())));
        assertThat(api.truth().generations(credential.companyId(), credential.apiCredentialId()))
                .hasSize(1);
        List<String> keys = requests(credential).stream()
                .map(request -> request.header("Idempotency-Key").orElseThrow())
                .toList();
        assertThat(keys).hasSize(expected.faults().size() + 1);
        assertThat(keys.stream().distinct()).hasSize(expected.idempotencyKeys());
    }

    @Test
    void aProblemIsToldAsItIs() {
        CredentialId credential = credential(List.of(Fault.status(422, "30_001")));

        ApiProblem problem = failure(rotate(credential)).problem();

        assertThat(problem).isNotNull();
        assertThat(problem.errorCode()).isEqualTo("30_001");
        assertThat(problem.detail()).isEqualTo("Planted by the sandbox");
        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.type()).isNotBlank();
        assertThat(problem.title()).isNotBlank();
    }

    @Test
    void anInactiveCredentialIsRejectedByTheApiItself() {
        CredentialId credential = credential(List.of());
        api.setActive(credential.companyId(), credential.apiCredentialId(), false);

        RotationFailed failed = failure(rotate(credential));

        assertThat(failed.code()).isEqualTo(REJECTED);
        assertThat(statusOf(failed.problem())).isEqualTo(422);
    }

    /** Of a company of its own, which some answers have rest. */
    private CredentialId credential(List<Fault> faults) {
        CredentialId id = new CredentialId(Topics.uniqueName("Company") + ".", "S2-case");
        api.addCredential(id.companyId(), id.apiCredentialId());
        api.faults().failNext(id.companyId(), id.apiCredentialId(), faults.toArray(Fault[]::new));
        return id;
    }

    private RotationOutcome rotate(CredentialId credential) {
        return routes.rotate(RotationRequest.of(credential));
    }

    private List<ReceivedRequest> requests(CredentialId credential) {
        return api.requests().stream()
                .filter(request -> request.path().contains("/" + credential.companyId() + "/"))
                .toList();
    }

    private static RotationFailed failure(RotationOutcome outcome) {
        assertThat(outcome).isInstanceOf(RotationOutcome.Failed.class);
        return ((RotationOutcome.Failed) outcome).event();
    }

    private static int statusOf(@Nullable ApiProblem problem) {
        return problem == null || problem.status() == null ? 0 : problem.status();
    }

    /** @param problemStatus 0 where the API told no problem */
    record Ending(Fault fault, FailureCode code, int attempts, int problemStatus) {
        Fault planted() {
            return problemStatus == 0 ? fault : fault.withSensitive("S3NSITIVE");
        }

        @Override
        public String toString() {
            return "%s: %s after %d".formatted(fault, code, attempts);
        }
    }

    record Recovery(List<Fault> faults, int idempotencyKeys) {
        Recovery(Fault... faults) {
            this(Arrays.asList(faults), 1);
        }

        /** What the API certainly did not do is begun anew. */
        static Recovery ofAnEndedAttempt(Fault fault) {
            return new Recovery(List.of(fault), 2);
        }
    }
}
