package org.keyrotation.routes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.model.FailureCode.CREDENTIAL_NOT_FOUND;
import static org.keyrotation.model.FailureCode.FORBIDDEN;
import static org.keyrotation.model.FailureCode.GAVE_UP;
import static org.keyrotation.model.FailureCode.REJECTED;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyrotation.model.ApiProblem;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ApiHttpClient;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.ReceivedRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TopicClient;

/** The outcome and the number of calls of each response of the API, without read-back. Each case has its own credential. */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiResponseIT {

    private static final int MAX_ATTEMPTS = 4;

    private final SimulatedManagementApi redirectTarget = SimulatedManagementApi.start();
    private final SimulatedManagementApi api = SimulatedManagementApi.start();
    private final Map<ApiHttpClient, RunningRoutes> routes = new EnumMap<>(ApiHttpClient.class);

    ApiResponseIT(SandboxBroker broker) {
        for (ApiHttpClient client : ApiHttpClient.values()) {
            TestTopics topics = TestTopics.of(broker, api)
                    .with(client)
                    .with("rotation.api.response-timeout", "PT3S")
                    .with("rotation.read-back", "false")
                    .with("rotation.retry.give-up-after", "PT0S");
            routes.put(client, topics.start());
        }
    }

    @BeforeAll
    void warmUp() {
        for (ApiHttpClient client : ApiHttpClient.values()) {
            rotate(client, new CredentialId("AcmeCorp", "S2-warm-up"));
        }
    }

    @AfterAll
    void stop() {
        routes.values().forEach(RunningRoutes::close);
        api.close();
        redirectTarget.close();
    }

    Stream<Arguments> failureCases() {
        return withEachClient(Stream.of(
                // final
                new FailureCase(Fault.status(400), REJECTED, 1, 400),
                new FailureCase(Fault.status(403), FORBIDDEN, 1, 403),
                new FailureCase(Fault.status(404), CREDENTIAL_NOT_FOUND, 1, 404),
                new FailureCase(Fault.status(405), REJECTED, 1, 405),
                new FailureCase(Fault.status(409), REJECTED, 1, 409),
                new FailureCase(Fault.status(410), REJECTED, 1, 410),
                new FailureCase(Fault.status(422), REJECTED, 1, 422),
                new FailureCase(Fault.redirect(redirectTarget.baseUrl() + "/me"), REJECTED, 1, 0),
                new FailureCase(Fault.status(307), REJECTED, 1, 307),
                // not the API's word
                new FailureCase(Fault.html(400), GAVE_UP, MAX_ATTEMPTS, 0),
                new FailureCase(Fault.html(403), GAVE_UP, MAX_ATTEMPTS, 0),
                new FailureCase(Fault.html(404), GAVE_UP, MAX_ATTEMPTS, 0),
                new FailureCase(Fault.empty(404), GAVE_UP, MAX_ATTEMPTS, 0),
                new FailureCase(Fault.empty(407), GAVE_UP, MAX_ATTEMPTS, 0),
                new FailureCase(Fault.gateway(403), GAVE_UP, MAX_ATTEMPTS, 0),
                new FailureCase(Fault.gateway(422), GAVE_UP, MAX_ATTEMPTS, 0),
                // retried in place
                new FailureCase(Fault.status(401), GAVE_UP, MAX_ATTEMPTS, 401),
                new FailureCase(Fault.status(408), GAVE_UP, MAX_ATTEMPTS, 408),
                new FailureCase(Fault.inProgress(), GAVE_UP, MAX_ATTEMPTS, 409),
                new FailureCase(Fault.status(422, "704"), GAVE_UP, MAX_ATTEMPTS, 422),
                new FailureCase(Fault.status(429), GAVE_UP, MAX_ATTEMPTS, 429),
                new FailureCase(Fault.status(429).retryAfter(Duration.ZERO), GAVE_UP, MAX_ATTEMPTS, 429),
                new FailureCase(Fault.status(400).transientError(), GAVE_UP, MAX_ATTEMPTS, 400),
                new FailureCase(Fault.status(404).transientError(), GAVE_UP, MAX_ATTEMPTS, 404),
                new FailureCase(Fault.status(500), GAVE_UP, MAX_ATTEMPTS, 500),
                new FailureCase(Fault.status(500).transientError(), GAVE_UP, MAX_ATTEMPTS, 500),
                new FailureCase(Fault.status(501), GAVE_UP, MAX_ATTEMPTS, 501),
                new FailureCase(Fault.badGateway(), GAVE_UP, MAX_ATTEMPTS, 0),
                new FailureCase(Fault.status(503), GAVE_UP, MAX_ATTEMPTS, 503),
                new FailureCase(Fault.idempotencyStoreDown(), GAVE_UP, MAX_ATTEMPTS, 503),
                // deferred at once: the API asks for a longer wait than a quick retry takes
                new FailureCase(Fault.status(429).retryAfter(Duration.ofSeconds(1)), GAVE_UP, 1, 429),
                new FailureCase(Fault.status(429).retryAfter(Duration.ofSeconds(31)), GAVE_UP, 1, 429),
                new FailureCase(Fault.status(503).retryAfter(Instant.now().plusSeconds(600)), GAVE_UP, 1, 503),
                new FailureCase(Fault.status(429).retryAfter(Duration.ofDays(9999)), GAVE_UP, 1, 429),
                // reported success without a key: a repeated call could rotate twice
                new FailureCase(Fault.noContent(), GAVE_UP, 1, 0),
                new FailureCase(Fault.notJson(), GAVE_UP, 1, 0),
                new FailureCase(Fault.html(200).afterExecuting(), GAVE_UP, 1, 0),
                new FailureCase(Fault.withoutClientKey(), GAVE_UP, 1, 0),
                new FailureCase(Fault.clientKey(""), GAVE_UP, 1, 0),
                new FailureCase(Fault.clientKey(null), GAVE_UP, 1, 0),
                new FailureCase(Fault.clientKey(42), GAVE_UP, 1, 0),
                new FailureCase(Fault.clientKey(List.of("test_A")), GAVE_UP, 1, 0),
                new FailureCase(Fault.oversized(), GAVE_UP, 1, 0),
                // unknown outcome
                new FailureCase(Fault.truncated(), GAVE_UP, MAX_ATTEMPTS, 0),
                new FailureCase(Fault.hang(), GAVE_UP, MAX_ATTEMPTS, 0),
                new FailureCase(Fault.trickle(), GAVE_UP, MAX_ATTEMPTS, 0),
                new FailureCase(Fault.reset(), GAVE_UP, MAX_ATTEMPTS, 0),
                new FailureCase(Fault.reset().afterExecuting(), GAVE_UP, MAX_ATTEMPTS, 0)));
    }

    @ParameterizedTest
    @MethodSource("failureCases")
    @Execution(ExecutionMode.CONCURRENT)
    void persistentResponseEndsInItsOutcome(ApiHttpClient client, FailureCase expected) {
        CredentialId credential = credential(Collections.nCopies(10, expected.plantedFault()));

        RotationFailed failed = failure(rotate(client, credential));

        assertThat(failed.code()).isEqualTo(expected.code());
        assertThat(failed.retryable()).isEqualTo(expected.code() == GAVE_UP);
        assertThat(failed.attempts()).isEqualTo(expected.attempts());
        assertThat(requests(credential)).hasSize(expected.attempts());
        assertThat(statusOf(failed.problem())).isEqualTo(expected.problemStatus());
        assertThat(failed.detail()).isNotBlank();
        assertThat(failed.toString()).doesNotContain("S3NSITIVE");
        assertThat(redirectTarget.requests()).isEmpty();
    }

    static Stream<Arguments> recoveryCases() {
        return withEachClient(Stream.of(
                RecoveryCase.withNewIdempotencyKey(Fault.status(401)),
                RecoveryCase.withNewIdempotencyKey(
                        Fault.status(429).retryAfter(Instant.now().minusSeconds(5))),
                new RecoveryCase(Fault.status(408)),
                new RecoveryCase(Fault.badGateway(), Fault.status(503)),
                new RecoveryCase(Fault.gateway(502), Fault.gateway(503), Fault.gateway(504)),
                new RecoveryCase(Fault.status(500).transientError()),
                new RecoveryCase(
                        Fault.status(422).transientError(), Fault.status(403).transientError()),
                new RecoveryCase(Fault.status(429).transientError()),
                new RecoveryCase(Fault.idempotencyStoreDown(), Fault.idempotencyStoreDown()),
                new RecoveryCase(Fault.inProgress()),
                new RecoveryCase(Fault.status(422, "704")),
                new RecoveryCase(Fault.inProgress().withField("errorCode", 704)),
                new RecoveryCase(Fault.status(422, "704").withField("invalidFields", Map.of("name", "x"))),
                new RecoveryCase(Fault.idempotencyStoreDown().withField("errorCode", 703)),
                new RecoveryCase(Fault.html(401), Fault.html(403)),
                new RecoveryCase(Fault.empty(404), Fault.gateway(400), Fault.gateway(429)),
                new RecoveryCase(Fault.html(401).afterExecuting()),
                new RecoveryCase(Fault.html(407).afterExecuting()),
                new RecoveryCase(Fault.html(429).afterExecuting()),
                new RecoveryCase(Fault.hang()),
                new RecoveryCase(Fault.hang().afterExecuting()),
                new RecoveryCase(Fault.reset(), Fault.reset()),
                new RecoveryCase(Fault.reset().afterExecuting())));
    }

    @ParameterizedTest
    @MethodSource("recoveryCases")
    @Execution(ExecutionMode.CONCURRENT)
    @Tag("I2")
    @Tag("I3")
    void passingErrorIsRetriedToOneRotation(ApiHttpClient client, RecoveryCase expected) {
        CredentialId credential = credential(expected.faults());

        RotationOutcome outcome = rotate(client, credential);

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
    void problemOfTheApiIsReportedUnchanged() {
        CredentialId credential = credential(List.of(Fault.status(422, "30_001")));

        ApiProblem problem = failure(rotate(ApiHttpClient.HTTP, credential)).problem();

        assertThat(problem).isNotNull();
        assertThat(problem.errorCode()).isEqualTo("30_001");
        assertThat(problem.detail()).isEqualTo("Injected by the sandbox");
        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.type()).isNotBlank();
        assertThat(problem.title()).isNotBlank();
    }

    static Stream<Arguments> foreignErrors() {
        return Stream.of(
                Arguments.of(Fault.html(403), "403 with an HTML page"),
                Arguments.of(Fault.empty(404), "404 with an empty body"),
                Arguments.of(Fault.gateway(403), "403 with a body that is no RestServiceError"),
                Arguments.of(
                        Fault.status(404).withoutField("errorCode"), "404 with a body that is no RestServiceError"),
                Arguments.of(Fault.badGateway(), "502 with an HTML page"),
                Arguments.of(Fault.empty(401), "401 with an empty body"),
                Arguments.of(Fault.html(407), "The response is 407 with an HTML page"),
                Arguments.of(Fault.html(429).retryAfter(Duration.ofMinutes(10)), "429 with an HTML page"));
    }

    @ParameterizedTest
    @MethodSource("foreignErrors")
    @Execution(ExecutionMode.CONCURRENT)
    void errorThatIsNotTheApisIsNamedByItsStatusAndKind(Fault fault, String expected) {
        CredentialId credential = credential(Collections.nCopies(MAX_ATTEMPTS, fault));

        assertThat(failure(rotate(ApiHttpClient.HTTP, credential)).detail()).contains(expected);
    }

    static Stream<Arguments> problemsWithoutDetail() {
        Fault withoutDetail = Fault.status(403).withoutField("detail");
        Fault older = withoutDetail.withoutField("title").withField("errorType", "security");
        return Stream.of(
                Arguments.of(withoutDetail, "403: Forbidden (errorCode 00_403)"),
                Arguments.of(withoutDetail.withField("detail", ""), "403: Forbidden (errorCode 00_403)"),
                Arguments.of(withoutDetail.withField("detail", null), "403: Forbidden (errorCode 00_403)"),
                Arguments.of(older.withField("message", "Not allowed"), "403: Not allowed (errorCode 00_403)"),
                Arguments.of(older, "The API answered 403 (errorCode 00_403)"),
                Arguments.of(Fault.status(400).withField("errorCode", 702), "Injected by the sandbox (errorCode 702)"));
    }

    @ParameterizedTest
    @MethodSource("problemsWithoutDetail")
    @Execution(ExecutionMode.CONCURRENT)
    void problemIsDescribedByTheTextThatItHas(Fault fault, String expected) {
        RotationFailed failed = failure(rotate(ApiHttpClient.HTTP, credential(List.of(fault))));

        assertThat(failed.detail()).contains(expected).doesNotContain("null");
        assertThat(failed.problem()).isNotNull();
    }

    @Test
    void inactiveCredentialIsRejectedByTheApi() {
        CredentialId credential = credential(List.of());
        api.setActive(credential.companyId(), credential.apiCredentialId(), false);

        RotationFailed failed = failure(rotate(ApiHttpClient.HTTP, credential));

        assertThat(failed.code()).isEqualTo(REJECTED);
        assertThat(statusOf(failed.problem())).isEqualTo(422);
    }

    /** Each credential has its own company, because some responses throttle the company. */
    private CredentialId credential(List<Fault> faults) {
        CredentialId id = new CredentialId(TopicClient.uniqueName("Company") + ".", "S2-case");
        api.addCredential(id.companyId(), id.apiCredentialId());
        api.faults().failNext(id.companyId(), id.apiCredentialId(), faults.toArray(Fault[]::new));
        return id;
    }

    private static <T> Stream<Arguments> withEachClient(Stream<T> cases) {
        List<T> all = cases.toList();
        return Arrays.stream(ApiHttpClient.values())
                .flatMap(client -> all.stream().map(each -> Arguments.of(client, each)));
    }

    private RotationOutcome rotate(ApiHttpClient client, CredentialId credential) {
        return routesOf(client).rotate(RotationRequest.of(credential));
    }

    private RunningRoutes routesOf(ApiHttpClient client) {
        return requireNonNull(routes.get(client));
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

    /** @param problemStatus 0 for a response without a problem */
    record FailureCase(Fault fault, FailureCode code, int attempts, int problemStatus) {
        Fault plantedFault() {
            return problemStatus == 0 ? fault : fault.withSensitive("S3NSITIVE");
        }

        @Override
        public String toString() {
            return "%s: %s after %d".formatted(fault, code, attempts);
        }
    }

    record RecoveryCase(List<Fault> faults, int idempotencyKeys) {
        RecoveryCase(Fault... faults) {
            this(Arrays.asList(faults), 1);
        }

        /** An error that certainly did not execute is retried with a new Idempotency-Key. */
        static RecoveryCase withNewIdempotencyKey(Fault fault) {
            return new RecoveryCase(List.of(fault), 2);
        }
    }
}
