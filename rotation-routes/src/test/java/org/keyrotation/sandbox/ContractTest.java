package org.keyrotation.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.keyrotation.sandbox.Caller.COMPANY;
import static org.keyrotation.sandbox.Caller.CREDENTIAL;
import static org.keyrotation.sandbox.Caller.GENERATE;
import static org.keyrotation.sandbox.Caller.LIST;
import static org.keyrotation.sandbox.Caller.READ;

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

/** Adyen's own OpenAPI file judges what the simulator answers. */
@ExtendWith(SandboxExtension.class)
class ContractTest {

    /** What comes in practice, from gateways and the idempotency store, although no operation declares it. */
    private static final Set<Integer> UNDECLARED = Set.of(404, 405, 409, 429, 502, 503);

    private static Optional<Specification> specification = Optional.empty();
    private SimulatedManagementApi api;
    private Caller caller;

    @BeforeAll
    static void loadTheSpecification() throws IOException {
        specification = Specification.find();
    }

    @AfterAll
    static void closeTheSpecification() {
        specification.ifPresent(Specification::close);
    }

    @BeforeEach
    void startTheApi(SimulatedManagementApi fresh) {
        assumeTrue(specification.isPresent(), "Adyen's OpenAPI file is not there");
        api = fresh;
        caller = Caller.of(fresh);
    }

    @Test
    void aGeneratedKeyIsAnsweredAsDeclared() throws Exception {
        assertDeclared(200, caller.generate());
    }

    @Test
    void aReplayedKeyIsAnsweredAsDeclared() throws Exception {
        caller.generate("Idempotency-Key", "k");

        assertDeclared(200, caller.generate("Idempotency-Key", "k"));
    }

    @ParameterizedTest
    @ValueSource(strings = {READ, LIST, LIST + "?pageNumber=2&pageSize=1", "/me"})
    void whatIsReadIsAnsweredAsDeclared(String path) throws Exception {
        api.addCredential(COMPANY, "S2-63");
        api.addCredential(COMPANY, "S2-64");

        assertDeclared(200, caller.read(path));
    }

    @Test
    void anInactiveCredentialIsReadAsDeclaredAndCannotHaveAKey() throws Exception {
        api.setActive(COMPANY, CREDENTIAL, false);

        assertDeclared(200, caller.read(READ));
        assertDeclared(422, caller.generate());
    }

    @ParameterizedTest
    @ValueSource(strings = {READ, LIST, "/me"})
    void aReaderWithoutAuthenticationIsRefusedAsDeclared(String path) throws Exception {
        assertDeclared(401, caller.get(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {READ, LIST, "/me"})
    void aReaderWithoutARoleIsRefusedAsDeclared(String path) throws Exception {
        api.setRoles(api.user());

        assertDeclared(403, caller.read(path));
    }

    @ParameterizedTest
    @CsvSource({"pageSize=101", "pageSize=0", "pageSize=x", "pageNumber=-1"})
    void aPageThatCannotBeIsRefusedAsDeclared(String query) throws Exception {
        assertDeclared(422, caller.read(LIST + "?" + query));
    }

    @Test
    void aCallerWithoutAuthenticationGetsNoKey() throws Exception {
        assertDeclared(401, caller.post(GENERATE));
    }

    @Test
    void aCallerWithoutTheRoleGetsNoKey() throws Exception {
        api.setRoles(api.user(), "Management API—Accounts read");

        assertDeclared(403, caller.generate());
    }

    @Test
    void aCompanyThatTheUserMayNotSeeIsRefusedAsDeclared() throws Exception {
        api.hideCompany(COMPANY);

        assertDeclared(403, caller.generate());
        assertDeclared(403, caller.read(READ));
    }

    @Test
    void aBodyIsABadRequest() throws Exception {
        assertDeclared(400, generateWithBody("{}"));
    }

    @Test
    void aContentTypeWithoutABodyIsToleratedAsAdyensLibrariesSendIt() throws Exception {
        assertDeclared(200, generateWithBody(""));
    }

    private HttpResponse<String> generateWithBody(String body) throws Exception {
        return caller.send(
                caller.request(GENERATE).POST(BodyPublishers.ofString(body)),
                "X-API-Key",
                api.apiKey(),
                "Content-Type",
                "application/json");
    }

    @Test
    void anIdempotencyKeyThatIsTooLongIsRefusedAsDeclared() throws Exception {
        assertDeclared(200, caller.generate("Idempotency-Key", "k".repeat(64)));
        assertDeclared(422, caller.generate("Idempotency-Key", "k".repeat(65)));
    }

    @Test
    void anUnknownCredentialIsNotFound() throws Exception {
        api.removeCredential(COMPANY, CREDENTIAL);

        assertUndeclared(404, caller.generate());
        assertUndeclared(404, caller.read(READ));
    }

    @Test
    void thereAreNoOtherPathsAndMethods() throws Exception {
        assertProblem(404, caller.read("/companies"));
        assertProblem(404, caller.read(READ + "/"));
        assertProblem(405, caller.read(GENERATE));
        assertProblem(405, caller.post("/me"));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 422, 500})
    void aPlantedErrorIsADeclaredOne(int status) throws Exception {
        api.faults().failNext(Fault.status(status).transientError().withSensitive("canary"));

        assertDeclared(status, caller.generate());
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 409, 429, 502, 503})
    void aPlantedErrorThatIsNotDeclaredHasTheSameBody(int status) throws Exception {
        api.faults()
                .failNext(Fault.status(status).retryAfter(Duration.ofSeconds(3)).withSensitive("canary"));
        api.faults().failNext(Fault.status(status).retryAfter(Instant.EPOCH));

        assertUndeclared(status, caller.generate());
        assertUndeclared(status, caller.generate());
    }

    @Test
    void theTroublesOfIdempotencyHaveTheSameBody() throws Exception {
        api.faults().failNext(Fault.idempotencyStoreDown(), Fault.inProgress());

        assertUndeclared(503, caller.generate());
        assertUndeclared(409, caller.generate());
    }

    @Test
    void aSpoiltBodyIsNotAsDeclared() throws Exception {
        api.faults().failNext(Fault.withoutClientKey(), Fault.clientKey(7), Fault.clientKey(null), Fault.notJson());

        for (int call = 0; call < 4; call++) {
            HttpResponse<String> answer = caller.generate();
            assertThatThrownBy(() -> assertDeclared(200, answer)).isInstanceOf(IllegalStateException.class);
        }
    }

    private static void assertDeclared(int status, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(status);
        judge().check(operation(answer), status, answer);
    }

    private static void assertUndeclared(int status, HttpResponse<String> answer) {
        assertThat(judge().declares(operation(answer), status)).isFalse();
        assertProblem(status, answer);
    }

    /** All problems look like that of a 500, which every operation declares. */
    private static void assertProblem(int status, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(status).isIn(UNDECLARED);
        judge().check(judge().operation("POST", "/v3" + GENERATE).orElseThrow(), 500, answer);
    }

    private static Operation operation(HttpResponse<String> answer) {
        return judge().operation(
                        answer.request().method(), answer.request().uri().getPath())
                .orElseThrow();
    }

    private static Specification judge() {
        return specification.orElseThrow();
    }
}
