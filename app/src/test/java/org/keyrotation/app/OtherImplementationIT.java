package org.keyrotation.app;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.matching.RequestPatternBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * The packaged app against another implementation of the same specification, set by rotation.api.base-url alone.
 * WireMock answers over TLS with the specification's own examples.
 */
@ExtendWith(SandboxExtension.class)
class OtherImplementationIT {

    /** The example get-companies-companyId-apiCredentials-apiCredentialId-success-200. */
    private static final String CREDENTIAL =
            """
            {
              "id": "YOUR_API_CREDENTIAL",
              "username": "YOUR_USERNAME",
              "clientKey": "YOUR_CLIENT_KEY",
              "allowedIpAddresses": [],
              "roles": [
                "Checkout encrypted cardholder data",
                "Merchant Recurring role",
                "Checkout webservice role"
              ],
              "active": true,
              "allowedOrigins": [
                {
                  "id": "YOUR_ALLOWED_ORIGIN_1",
                  "domain": "http://localhost",
                  "_links": {
                    "self": {
                      "href": "https://management-test.adyen.com/v1/companies/YOUR_COMPANY_ACCOUNT/apiCredentials/YOUR_API_CREDENTIAL/allowedOrigins/YOUR_ALLOWED_ORIGIN_1"
                    }
                  }
                },
                {
                  "id": "YOUR_ALLOWED_ORIGIN_2",
                  "domain": "http://localhost:3000",
                  "_links": {
                    "self": {
                      "href": "https://management-test.adyen.com/v1/companies/YOUR_COMPANY_ACCOUNT/apiCredentials/YOUR_API_CREDENTIAL/allowedOrigins/YOUR_ALLOWED_ORIGIN_2"
                    }
                  }
                }
              ],
              "_links": {
                "self": {
                  "href": "https://management-test.adyen.com/v1/companies/YOUR_COMPANY_ACCOUNT/apiCredentials/YOUR_API_CREDENTIAL"
                },
                "allowedOrigins": {
                  "href": "https://management-test.adyen.com/v1/companies/YOUR_COMPANY_ACCOUNT/apiCredentials/YOUR_API_CREDENTIAL/allowedOrigins"
                },
                "company": {
                  "href": "https://management-test.adyen.com/v1/companies/YOUR_COMPANY_ACCOUNT"
                },
                "generateApiKey": {
                  "href": "https://management-test.adyen.com/v1/companies/YOUR_COMPANY_ACCOUNT/apiCredentials/YOUR_API_CREDENTIAL/generateApiKey"
                },
                "generateClientKey": {
                  "href": "https://management-test.adyen.com/v1/companies/YOUR_COMPANY_ACCOUNT/apiCredentials/YOUR_API_CREDENTIAL/generateClientKey"
                }
              },
              "associatedMerchantAccounts": []
            }
            """;

    /** A GenerateClientKeyResponse. The specification has no example of it. */
    private static final String NEW_KEY = "{\"clientKey\": \"YOUR_NEW_CLIENT_KEY\"}";

    private static final String PASSWORD = "changeit";

    private static Path directory;

    private SandboxBroker broker;
    private AppFixture fixture;
    private WireMockServer other;
    private String credential;

    /** Creates a self-signed certificate and the trust store trusted.p12 that contains it. */
    @BeforeAll
    static void createCertificate(@TempDir Path shared) throws Exception {
        directory = shared;
        keytool("-genkeypair -alias api -keyalg EC -dname CN=localhost -ext SAN=dns:localhost -keystore server.p12");
        keytool("-exportcert -alias api -file api.cer -keystore server.p12");
        keytool("-importcert -noprompt -alias api -file api.cer -keystore trusted.p12");
    }

    @BeforeEach
    void setUp(SandboxBroker shared, SimulatedManagementApi simulated) throws IOException {
        broker = shared;
        fixture = new AppFixture(broker, simulated);
        credential = "/v3/companies/" + fixture.company + "/apiCredentials/S2-1";
        other = new WireMockServer(options()
                .bindAddress("127.0.0.1")
                .httpDisabled(true)
                .dynamicHttpsPort()
                .keystorePath(directory.resolve("server.p12").toString())
                .keystorePassword(PASSWORD)
                .keyManagerPassword(PASSWORD)
                .keystoreType("PKCS12"));
        other.start();
    }

    @AfterEach
    void tearDown() {
        other.stop();
    }

    @Test
    void rotatesWithAnApiKey() throws Exception {
        assertRotates("X-API-Key", "an-api-key", "Authorization", Map.of("rotation.api.key", "an-api-key"));
    }

    @Test
    void rotatesWithAUsernameAndAPassword() throws Exception {
        String login = Base64.getEncoder().encodeToString("ws@Company.Acme:pa:ss".getBytes(UTF_8));
        assertRotates(
                "Authorization",
                "Basic " + login,
                "X-API-Key",
                Map.of("rotation.api.username", "ws@Company.Acme", "rotation.api.password", "pa:ss"));
    }

    private void assertRotates(String header, String value, String otherHeader, Map<String, String> authentication)
            throws Exception {
        other.stubFor(
                get(urlEqualTo(credential)).withHeader(header, equalTo(value)).willReturn(okJson(CREDENTIAL)));
        other.stubFor(post(urlEqualTo(credential + "/generateClientKey"))
                .withHeader(header, equalTo(value))
                .willReturn(okJson(NEW_KEY)));

        ClientKeyRotated key = rotate(authentication);

        assertThat(key.clientKey().value()).isEqualTo("YOUR_NEW_CLIENT_KEY");
        assertThat(key.previousKeyFingerprint()).isEqualTo(new ClientKey("YOUR_CLIENT_KEY").fingerprint());
        assertThat(key.recovered()).isFalse();
        other.verify(1, withoutExtras(getRequestedFor(urlEqualTo(credential)), otherHeader));
        other.verify(
                1,
                withoutExtras(postRequestedFor(urlEqualTo(credential + "/generateClientKey")), otherHeader)
                        .withHeader("Idempotency-Key", matching(".{1,64}")));
        other.verify(2, anyRequestedFor(anyUrl()));
    }

    /** Requires exactly the headers of the specification, and no body. */
    private static RequestPatternBuilder withoutExtras(RequestPatternBuilder request, String otherHeader) {
        return request.withHeader("Accept", equalTo("application/json"))
                .withoutHeader(otherHeader)
                .withoutHeader("Content-Type")
                .withRequestBody(absent());
    }

    private ClientKeyRotated rotate(Map<String, String> authentication) throws IOException {
        try (AppProcess app = fixture.launchWithTopics()
                .properties(authentication)
                .property("rotation.api.base-url", "https://localhost:" + other.httpsPort() + "/v3")
                .property("camel.component.kafka.brokers", broker.bootstrapServers())
                .property("camel.management.port", fixture.management().port())
                .property("javax.net.ssl.trustStore", directory.resolve("trusted.p12"))
                .property("javax.net.ssl.trustStorePassword", PASSWORD)
                .start()) {
            app.awaitReady();
            fixture.request(fixture.credential(1));
            return fixture.awaitKeyEvents(1).get(0);
        }
    }

    private static void keytool(String arguments) throws Exception {
        String command = Path.of(System.getProperty("java.home"), "bin", "keytool") + " -J-XX:TieredStopAtLevel=1 "
                + arguments + " -storetype PKCS12 -storepass " + PASSWORD;
        Process keytool = new ProcessBuilder(command.split(" "))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
    }
}
