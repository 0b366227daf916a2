package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyrotation.routes.api.ApiHttpClient;
import org.keyrotation.sandbox.ApiOptions;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TlsStores;

/** The packaged app reaches an API through a proxy with a login, behind a private CA that wants a client certificate. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class PrivateNetworkIT {

    @Tag("I6")
    @ParameterizedTest
    @EnumSource
    void apiIsReachedByTheStoresAndTheProxyOfTheReadme(
            ApiHttpClient client, SandboxBroker broker, @TempDir Path directory) throws Exception {
        TlsStores stores = TlsStores.createIn(directory);
        try (TunnelProxy proxy = new TunnelProxy();
                SimulatedManagementApi api =
                        SimulatedManagementApi.start(ApiOptions.defaults().withTls(stores))) {
            AppFixture fixture = new AppFixture(broker, api);
            AppProcess.Launch launch = fixture.launch()
                    .property("javax.net.ssl.trustStore", stores.clientTrustStore())
                    .property("javax.net.ssl.trustStorePassword", TlsStores.PASSWORD)
                    .property("https.proxyHost", "127.0.0.1")
                    .property("https.proxyPort", proxy.port())
                    .property("https.proxyUser", TunnelProxy.USER)
                    .property("https.proxyPassword", TunnelProxy.PASSWORD)
                    .property("http.nonProxyHosts", "")
                    .property("camel.ssl.enabled", true)
                    .property("camel.ssl.key-store", stores.clientKeyStore())
                    .property("rotation.api.http-client", client.component())
                    .property("rotation.log.level", "TRACE")
                    .environment("CAMEL_SSL_KEYSTORE_PASSWORD", TlsStores.PASSWORD);
            try (AppProcess app = launch.start()) {
                app.awaitReady();
                fixture.request(fixture.credential(1));

                fixture.awaitKeyEvents(1);
                assertThat(app.terminate()).isIn(0, 143);
                assertThat(app.output()).doesNotContain("CANARY");
            }
            assertThat(proxy.tunnels()).isNotEmpty().containsOnly(api.baseUrl().getAuthority());
        }
    }
}
