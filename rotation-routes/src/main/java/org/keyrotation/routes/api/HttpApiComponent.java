package org.keyrotation.routes.api;

import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.ThreadPools;

/**
 * The camel-http component of the API routes. It has no automatic retries, redirects or cookies, and leaves the host
 * application's component as it is.
 */
final class HttpApiComponent extends HttpComponent {

    private final ApiSettings settings;

    HttpApiComponent(ApiSettings settings, ApiMeters meters, ThreadPools pools) {
        this.settings = settings;
        setAutomaticRetriesDisabled(true);
        setRedirectHandlingDisabled(true);
        setCookieManagementDisabled(true);
        setAuthCachingDisabled(true);
        setCopyHeaders(false);
        setUseSystemProperties(true);
        setConnectTimeout(settings.connectTimeout().toMillis());
        setConnectionRequestTimeout(settings.responseTimeout().toMillis());
        setResponseTimeout(settings.responseTimeout().toMillis());
        setSoTimeout(settings.responseTimeout().toMillis());
        setMaxTotalConnections(settings.maxInFlight());
        setConnectionsPerRoute(settings.maxInFlight());
        setHttpActivityListener(new OwnershipListener());
        DeadlineInterceptor deadline = new DeadlineInterceptor(pools.redelivery(), settings.responseTimeout());
        setHttpClientConfigurer(
                client -> client.addExecInterceptorFirst("rotation-api-meters", new MeterInterceptor(meters))
                        .addExecInterceptorFirst("rotation-api-buffering", new BufferingInterceptor())
                        .addExecInterceptorBefore(
                                ChainElement.PROTOCOL.name(), "rotation-api-connection", new ConnectionInterceptor())
                        .addExecInterceptorAfter(ChainElement.CONNECT.name(), "rotation-api-deadline", deadline)
                        .evictIdleConnections(TimeValue.of(ApiHttp.MAX_IDLE)));
    }

    /**
     * Takes the context's parameters when the endpoint is created. Camel itself passes them only to the component {@code
     * https}, and with them makes every URL https.
     */
    @Override
    public @Nullable SSLContextParameters getSslContextParameters() {
        return settings.isEncrypted() ? getCamelContext().getSSLContextParameters() : null;
    }
}
