package org.keyrotation.routes.api;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * Creates the HTTP component of the API routes. It has no automatic retries, redirects or cookies, and leaves the host
 * application's component as it is.
 */
final class ApiHttp {

    /** A POST on a connection that the API has just closed is lost, and nothing repeats it: close idle ones first. */
    private static final TimeValue MAX_IDLE = TimeValue.ofSeconds(20);

    private ApiHttp() {}

    static HttpComponent component(ApiSettings settings, MeterRegistry registry) {
        HttpComponent http = settings.isEncrypted() ? new TlsComponent() : new HttpComponent();
        http.setAutomaticRetriesDisabled(true);
        http.setRedirectHandlingDisabled(true);
        http.setCookieManagementDisabled(true);
        http.setAuthCachingDisabled(true);
        http.setCopyHeaders(false);
        http.setUseSystemProperties(true);
        http.setConnectTimeout(settings.connectTimeout().toMillis());
        http.setConnectionRequestTimeout(settings.responseTimeout().toMillis());
        http.setResponseTimeout(settings.responseTimeout().toMillis());
        http.setSoTimeout(settings.responseTimeout().toMillis());
        http.setMaxTotalConnections(settings.maxInFlight());
        http.setConnectionsPerRoute(settings.maxInFlight());
        ApiMeters meters = new ApiMeters(registry);
        http.setHttpClientConfigurer(client -> client.addExecInterceptorFirst("rotation-api-meters", meters)
                .addExecInterceptorFirst("rotation-api-buffering", new BufferingInterceptor())
                .addExecInterceptorBefore(
                        ChainElement.PROTOCOL.name(), "rotation-api-connection", new ConnectionInterceptor())
                .addExecInterceptorAfter(
                        ChainElement.CONNECT.name(), "rotation-api-ownership", new OwnershipInterceptor())
                .evictIdleConnections(MAX_IDLE));
        return http;
    }

    /**
     * A component that takes the context's SSLContextParameters when its endpoint is created. Camel itself passes them only to
     * the component {@code https}, and with them makes every URL https.
     */
    private static final class TlsComponent extends HttpComponent {
        @Override
        public @Nullable SSLContextParameters getSslContextParameters() {
            return getCamelContext().getSSLContextParameters();
        }
    }
}
