package org.keyrotation.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.sandbox.Caller.COMPANY;
import static org.keyrotation.sandbox.Caller.GENERATE;

import io.vertx.core.json.JsonObject;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SandboxExtension.class)
class AuthenticationTest {

    private SimulatedManagementApi api;
    private Caller caller;

    @BeforeEach
    void startTheApi(SimulatedManagementApi fresh) {
        api = fresh;
        caller = Caller.of(fresh);
    }

    @Test
    void anApiKeyIsEnough() throws Exception {
        assertThat(caller.post(GENERATE, "x-api-key", api.apiKey()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void soAreUserNameAndPassword() throws Exception {
        String basic = basic(api.username(), api.password());

        assertThat(caller.post(GENERATE, "Authorization", basic).statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsWrongInEitherSchemeIsRefused() throws Exception {
        String wrong = basic(api.username(), "wrong");

        assertThat(caller.post(GENERATE, "X-API-Key", "wrong").statusCode()).isEqualTo(401);
        assertThat(caller.post(GENERATE, "Authorization", wrong).statusCode()).isEqualTo(401);
        assertThat(caller.generate("Authorization", wrong).statusCode()).isEqualTo(401);
        assertThat(api.truth().totalGenerations()).isZero();
    }

    @Test
    void aUserOfOneCompanySeesThatCompanyAlone() throws Exception {
        ApiUser insider = api.addUser(COMPANY);
        ApiUser outsider = api.addUser("OtherCorp");

        assertThat(caller.post(GENERATE, "X-API-Key", insider.apiKey()).statusCode())
                .isEqualTo(200);
        assertThat(caller.post(GENERATE, "X-API-Key", outsider.apiKey()).statusCode())
                .isEqualTo(403);
    }

    @Test
    void everyUserIsToldItsOwnRoles() throws Exception {
        ApiUser user = api.addUser(COMPANY);
        api.setRoles(user, "Checkout webservice role");

        JsonObject me =
                new JsonObject(caller.get("/me", "X-API-Key", user.apiKey()).body());

        assertThat(me.getString("username")).isEqualTo(user.username());
        assertThat(me.getJsonArray("roles")).containsExactly("Checkout webservice role");
    }

    @Test
    void secretsCanBeChosenAndAreNotPrinted() throws Exception {
        ApiOptions options =
                ApiOptions.defaults().withApiKey("chosen-key").withLogin("ws@Company.X", "chosen-password");
        try (SimulatedManagementApi chosen = SimulatedManagementApi.start(options)) {
            Caller chosenCaller = Caller.of(chosen);

            assertThat(chosenCaller.post(GENERATE, "X-API-Key", "chosen-key").statusCode())
                    .isEqualTo(200);
            assertThat(options.toString()).doesNotContain("chosen-key", "chosen-password");
        }
    }

    private static String basic(String username, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((username + ":" + password).getBytes(UTF_8));
    }
}
