package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.io.IOException;
import java.net.URI;
import java.util.stream.Stream;
import org.apache.camel.health.HealthCheck.State;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ApiHttpClient;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TopicClient;

/** The answers of a proxy are not the API's: a request that the proxy does not let through had no connection. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
@ParameterizedClass
@EnumSource(ApiHttpClient.class)
class ProxyIT {

    private static final int MAX_ATTEMPTS = 4;
    private static final String PAGE = "<html>S3NSITIVE</html>";

    private final TestTopics topics;

    ProxyIT(ApiHttpClient client, TestTopics topics) {
        this.topics = topics.with(client)
                .with("rotation.read-back", "false")
                .with("rotation.api.max-in-flight", "1") // shows a connection that is not returned to the pool
                .with("rotation.retry.give-up-after", "PT0S");
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(page("401 Unauthorized", ""), "refused CONNECT with status 401"),
                Arguments.of(page("403 Forbidden", ""), "refused CONNECT with status 403"),
                Arguments.of(
                        page("407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"proxy\"\r\n"),
                        "refused CONNECT with status 407"),
                Arguments.of(page("429 Too Many Requests", "Retry-After: 600\r\n"), "refused CONNECT with status 429"),
                Arguments.of("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", "status 302"),
                Arguments.of("HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n", "status 503"),
                Arguments.of("S3NSITIVE\r\n\r\n", "No connection through the proxy"),
                Arguments.of("", "No connection through the proxy"),
                Arguments.of("HTTP/1.1 200 OK\r\n\r\nS3NSITIVE", "No connection through the proxy"),
                Arguments.of("HTTP/1.1 200 OK\r\n\r\n", "No connection through the proxy"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    @Tag("I6")
    void refusedConnectionIsRetriedAndNamesTheProxy(String answer, String expected) throws IOException {
        URI api = URI.create("https://" + TopicClient.uniqueName("api") + ".test/v3");
        try (TestProxy proxy = TestProxy.inFrontOf(api, answer);
                RunningRoutes routes = startAt(api)) {
            RotationFailed failed = rotate(routes);

            assertThat(failed.code()).isEqualTo(FailureCode.GAVE_UP);
            assertThat(failed.attempts()).isEqualTo(MAX_ATTEMPTS);
            assertThat(failed.detail())
                    .startsWith("No connection")
                    .contains("proxy " + proxy.address(), expected)
                    .doesNotContain("S3NSITIVE", "nevertheless");
            assertThat(failed.problem()).isNull();
            assertThat(proxy.requests())
                    .hasSizeGreaterThanOrEqualTo(MAX_ATTEMPTS)
                    .allMatch(line -> line.startsWith("CONNECT " + api.getHost() + ":443 "));
            assertThat(routes.health("rotation-api-authentication").getState()).isEqualTo(State.UP);
            assertThat(routes.meters()
                            .get("rotation.api.calls")
                            .tag("status", "none")
                            .timer()
                            .count())
                    .isEqualTo(MAX_ATTEMPTS);
        }
    }

    @Test
    void proxyThatIsDownIsNamed() throws IOException {
        URI api = URI.create("https://" + TopicClient.uniqueName("api") + ".test/v3");
        try (TestProxy proxy = TestProxy.inFrontOf(api, "");
                RunningRoutes routes = startAt(api)) {
            proxy.stopListening();

            RotationFailed failed = rotate(routes);

            assertThat(failed.code()).isEqualTo(FailureCode.GAVE_UP);
            assertThat(failed.detail()).contains("No connection through the proxy " + proxy.address());
        }
    }

    @Test
    void proxyThatWantsALoginIsNamedWithoutATunnelToo(SimulatedManagementApi api) throws IOException {
        try (TestProxy proxy = TestProxy.inFrontOf(api.baseUrl(), page("407 Proxy Authentication Required", ""));
                RunningRoutes routes = startAt(api.baseUrl())) {
            RotationFailed failed = rotate(routes);

            assertThat(failed.code()).isEqualTo(FailureCode.GAVE_UP);
            assertThat(failed.detail())
                    .startsWith("The proxy " + proxy.address() + " refused POST with status 407")
                    .doesNotContain("S3NSITIVE");
            assertThat(api.requests()).isEmpty();
        }
    }

    private RunningRoutes startAt(URI api) {
        return topics.with("rotation.api.base-url", api.toString()).start();
    }

    private static RotationFailed rotate(RunningRoutes routes) {
        RotationOutcome outcome = routes.rotate(RotationRequest.of(new CredentialId(COMPANY, "S2-1")));
        return assertThat(outcome)
                .asInstanceOf(type(RotationOutcome.Failed.class))
                .actual()
                .event();
    }

    private static String page(String status, String headers) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: text/html\r\nContent-Length: " + PAGE.length() + "\r\n"
                + headers + "\r\n" + PAGE;
    }
}
