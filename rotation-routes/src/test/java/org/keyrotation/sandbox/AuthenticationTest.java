package org.keyrotation.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.sandbox.ApiTestClient.COMPANY;
import static org.keyrotation.sandbox.ApiTestClient.GENERATE;

import io.vertx.core.json.JsonObject;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SandboxExtension.class)
class AuthenticationTest {

    private SimulatedManagementApi api;
    private ApiTestClient client;

    @BeforeEach
    void setUp(SimulatedManagementApi fresh) {
        api = fresh;
        client = ApiTestClient.of(fresh);
    }

    @Test
    void apiKeyAuthenticates() throws Exception {
        assertThat(client.post(GENERATE, "x-api-key", api.apiKey()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void usernameAndPasswordAuthenticate() throws Exception {
        String basic = basic(api.username(), api.password());

        assertThat(client.post(GENERATE, "Authorization", basic).statusCode()).isEqualTo(200);
    }

    @Test
    void wrongCredentialsInEitherSchemeAreRejected() throws Exception {
        String wrong = basic(api.username(), "wrong");

        assertThat(client.post(GENERATE, "X-API-Key", "wrong").statusCode()).isEqualTo(401);
        assertThat(client.post(GENERATE, "Authorization", wrong).statusCode()).isEqualTo(401);
        assertThat(client.generate("Authorization", wrong).statusCode()).isEqualTo(401);
        assertThat(api.truth().totalGenerations()).isZero();
    }

    @Test
    void companyUserMayAccessOnlyItsCompany() throws Exception {
        ApiUser insider = api.addUser(COMPANY);
        ApiUser outsider = api.addUser("OtherCorp");

        assertThat(client.post(GENERATE, "X-API-Key", insider.apiKey()).statusCode())
                .isEqualTo(200);
        assertThat(client.post(GENERATE, "X-API-Key", outsider.apiKey()).statusCode())
                .isEqualTo(403);
    }

    @Test
    void meReturnsTheRolesOfTheCaller() throws Exception {
        ApiUser user = api.addUser(COMPANY);
        api.setRoles(user, "Checkout webservice role");

        JsonObject me =
                new JsonObject(client.get("/me", "X-API-Key", user.apiKey()).body());

        assertThat(me.getString("username")).isEqualTo(user.username());
        assertThat(me.getJsonArray("roles")).containsExactly("Checkout webservice role");
    }

    @Test
    void configuredSecretsAreUsedAndNotPrinted() throws Exception {
        ApiOptions options =
                ApiOptions.defaults().withApiKey("configured-key").withLogin("ws@Company.X", "configured-password");
        try (SimulatedManagementApi configured = SimulatedManagementApi.start(options)) {
            ApiTestClient configuredClient = ApiTestClient.of(configured);

            assertThat(configuredClient
                            .post(GENERATE, "X-API-Key", "configured-key")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(options.toString()).doesNotContain("configured-key", "configured-password");
        }
    }

    private static String basic(String username, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((username + ":" + password).getBytes(UTF_8));
    }
}
