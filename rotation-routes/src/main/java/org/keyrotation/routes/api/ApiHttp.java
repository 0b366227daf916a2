package org.keyrotation.routes.api;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.component.http.HttpComponent;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.core5.util.TimeValue;

/** An HTTP component of our own, so that the host's stays as it is: no hidden retry, no redirect, no cookie. */
final class ApiHttp {

    /** A POST on a connection that the API has just given up would be lost, and is not repeated by itself. */
    private static final TimeValue LONGEST_IDLE = TimeValue.ofSeconds(20);

    private ApiHttp() {}

    static HttpComponent component(ApiSettings settings, MeterRegistry meters) {
        HttpComponent http = new HttpComponent();
        http.setAutomaticRetriesDisabled(true);
        http.setRedirectHandlingDisabled(true);
        http.setCookieManagementDisabled(true);
        http.setAuthCachingDisabled(true);
        http.setCopyHeaders(false);
        http.setUseGlobalSslContextParameters(true);
        http.setUseSystemProperties(true);
        http.setConnectTimeout(settings.connectTimeout().toMillis());
        http.setConnectionRequestTimeout(settings.responseTimeout().toMillis());
        http.setResponseTimeout(settings.responseTimeout().toMillis());
        http.setSoTimeout(settings.responseTimeout().toMillis());
        http.setMaxTotalConnections(settings.maxInFlight());
        http.setConnectionsPerRoute(settings.maxInFlight());
        ApiMeters timing = new ApiMeters(meters);
        http.setHttpClientConfigurer(client -> client.addExecInterceptorFirst("rotation-api-meters", timing)
                .addExecInterceptorFirst("rotation-api-answers", new BufferingInterceptor())
                .addExecInterceptorAfter(
                        ChainElement.CONNECT.name(), "rotation-api-last-check", new OwnershipInterceptor())
                .evictIdleConnections(LONGEST_IDLE));
        return http;
    }
}
