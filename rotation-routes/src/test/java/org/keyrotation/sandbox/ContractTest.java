package org.keyrotation.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.keyrotation.sandbox.ApiTestClient.COMPANY;
import static org.keyrotation.sandbox.ApiTestClient.CREDENTIAL;
import static org.keyrotation.sandbox.ApiTestClient.GENERATE;
import static org.keyrotation.sandbox.ApiTestClient.LIST;
import static org.keyrotation.sandbox.ApiTestClient.READ;

import io.vertx.openapi.contract.Operation;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adyen's OpenAPI file validates the responses of the simulator. */
@ExtendWith(SandboxExtension.class)
class ContractTest {

    /** Gateways and the idempotency store answer with these in practice, although no operation declares them. */
    private static final Set<Integer> UNDECLARED = Set.of(404, 405, 409, 429, 502, 503);

    private static Optional<OpenApiSpecification> specification = Optional.empty();
    private SimulatedManagementApi api;
    private ApiTestClient client;

    @BeforeAll
    static void loadTheSpecification() throws IOException {
        specification = OpenApiSpecification.find();
    }

    @AfterAll
    static void closeTheSpecification() {
        specification.ifPresent(OpenApiSpecification::close);
    }

    @BeforeEach
    void setUp(SimulatedManagementApi fresh) {
        assumeTrue(specification.isPresent(), "Adyen's OpenAPI file is missing");
        api = fresh;
        client = ApiTestClient.of(fresh);
    }

    @Test
    void generatedKeyMatchesTheSchema() throws Exception {
        assertDeclared(200, client.generate());
    }

    @Test
    void replayedKeyMatchesTheSchema() throws Exception {
        client.generate("Idempotency-Key", "k");

        assertDeclared(200, client.generate("Idempotency-Key", "k"));
    }

    @ParameterizedTest
    @ValueSource(strings = {READ, LIST, LIST + "?pageNumber=2&pageSize=1", "/me"})
    void readsMatchTheSchema(String path) throws Exception {
        api.addCredential(COMPANY, "S2-63");
        api.addCredential(COMPANY, "S2-64");

        assertDeclared(200, client.read(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {READ, LIST})
    void credentialHasAKeyOnceItIsGenerated(String path) throws Exception {
        api.addCredentialWithoutKey(COMPANY, CREDENTIAL);
        assertThat(client.read(path).body()).contains(CREDENTIAL).doesNotContain("\"clientKey\"");

        client.generate();

        assertThat(client.read(path).body())
                .contains("\"clientKey\":\"" + api.truth().currentKey(COMPANY, CREDENTIAL) + "\"");
        assertDeclared(200, client.read(path));
    }

    @Test
    void inactiveCredentialIsReadableAndCannotGenerateAKey() throws Exception {
        api.setActive(COMPANY, CREDENTIAL, false);

        assertDeclared(200, client.read(READ));
        assertDeclared(422, client.generate());
    }

    @ParameterizedTest
    @ValueSource(strings = {READ, LIST, "/me"})
    void readWithoutAuthenticationIsRejectedAsDeclared(String path) throws Exception {
        assertDeclared(401, client.get(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {READ, LIST, "/me"})
    void readWithoutARoleIsRejectedAsDeclared(String path) throws Exception {
        api.setRoles(api.user());

        assertDeclared(403, client.read(path));
    }

    @ParameterizedTest
    @CsvSource({"pageSize=101", "pageSize=0", "pageSize=x", "pageNumber=-1"})
    void invalidPageIsRejectedAsDeclared(String query) throws Exception {
        assertDeclared(422, client.read(LIST + "?" + query));
    }

    @Test
    void callWithoutAuthenticationIsRejectedAsDeclared() throws Exception {
        assertDeclared(401, client.post(GENERATE));
    }

    @Test
    void callWithoutTheRoleIsRejectedAsDeclared() throws Exception {
        api.setRoles(api.user(), "Management API—Accounts read");

        assertDeclared(403, client.generate());
    }

    @Test
    void hiddenCompanyIsRejectedAsDeclared() throws Exception {
        api.hideCompany(COMPANY);

        assertDeclared(403, client.generate());
        assertDeclared(403, client.read(READ));
    }

    @Test
    void requestBodyIsRejectedAsDeclared() throws Exception {
        assertDeclared(400, generateWithBody("{}"));
    }

    @Test
    void contentTypeWithoutABodyIsAccepted() throws Exception {
        assertDeclared(200, generateWithBody(""));
    }

    private HttpResponse<String> generateWithBody(String body) throws Exception {
        return client.send(
                client.request(GENERATE).POST(BodyPublishers.ofString(body)),
                "X-API-Key",
                api.apiKey(),
                "Content-Type",
                "application/json");
    }

    @Test
    void tooLongIdempotencyKeyIsRejectedAsDeclared() throws Exception {
        assertDeclared(200, client.generate("Idempotency-Key", "k".repeat(64)));
        assertDeclared(422, client.generate("Idempotency-Key", "k".repeat(65)));
    }

    @Test
    void unknownCredentialIsNotFound() throws Exception {
        api.removeCredential(COMPANY, CREDENTIAL);

        assertUndeclared(404, client.generate());
        assertUndeclared(404, client.read(READ));
    }

    @Test
    void otherPathsAndMethodsAreProblems() throws Exception {
        assertProblem(404, client.read("/companies"));
        assertProblem(404, client.read(READ + "/"));
        assertProblem(405, client.read(GENERATE));
        assertProblem(405, client.post("/me"));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 422, 500})
    void injectedErrorMatchesTheSchema(int status) throws Exception {
        api.faults().failNext(Fault.status(status).transientError().withSensitive("canary"));

        assertDeclared(status, client.generate());
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 409, 429, 502, 503})
    void injectedUndeclaredErrorHasTheSameSchema(int status) throws Exception {
        api.faults()
                .failNext(Fault.status(status).retryAfter(Duration.ofSeconds(3)).withSensitive("canary"));
        api.faults().failNext(Fault.status(status).retryAfter(Instant.EPOCH));

        assertUndeclared(status, client.generate());
        assertUndeclared(status, client.generate());
    }

    @Test
    void idempotencyErrorsHaveTheSameSchema() throws Exception {
        api.faults().failNext(Fault.idempotencyStoreDown(), Fault.inProgress());

        assertUndeclared(503, client.generate());
        assertUndeclared(409, client.generate());
    }

    @Test
    void corruptedBodyViolatesTheSchema() throws Exception {
        api.faults().failNext(Fault.withoutClientKey(), Fault.clientKey(7), Fault.clientKey(null), Fault.notJson());

        for (int call = 0; call < 4; call++) {
            HttpResponse<String> response = client.generate();
            assertThatThrownBy(() -> assertDeclared(200, response)).isInstanceOf(IllegalStateException.class);
        }
    }

    private static void assertDeclared(int status, HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(status);
        specification().check(operation(response), status, response);
    }

    private static void assertUndeclared(int status, HttpResponse<String> response) {
        assertThat(specification().declares(operation(response), status)).isFalse();
        assertProblem(status, response);
    }

    /** Every problem has the schema of a 500, which every operation declares. */
    private static void assertProblem(int status, HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(status).isIn(UNDECLARED);
        specification()
                .check(specification().operation("POST", "/v3" + GENERATE).orElseThrow(), 500, response);
    }

    private static Operation operation(HttpResponse<String> response) {
        return specification()
                .operation(response.request().method(), response.request().uri().getPath())
                .orElseThrow();
    }

    private static OpenApiSpecification specification() {
        return specification.orElseThrow();
    }
}
