package org.keyrotation.routes.api;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpConstants;

/** Replaces all headers of a message, and its body, by those of an API request. */
final class RequestHeaders {

    /** Exchange property: the company that is called. The response handlers need it, and the body is gone by then. */
    private static final String COMPANY_ID = "rotation.api.company";

    private final ApiAuthenticator authenticator;
    private final CompanyRateLimiter rateLimiter;

    RequestHeaders(ApiAuthenticator authenticator, CompanyRateLimiter rateLimiter) {
        this.authenticator = authenticator;
        this.rateLimiter = rateLimiter;
    }

    void setHeaders(Exchange exchange) {
        Message message = exchange.getMessage();
        ApiRequest request = message.getBody(ApiRequest.class);
        rateLimiter.checkNotBackingOff(request.companyId());
        ApiAuth auth = authenticator.authFor(request.companyId());
        OwnershipInterceptor.setCurrent(request);
        message.removeHeaders("*");
        message.setBody(null);
        message.setHeader(HttpConstants.HTTP_METHOD, request.method());
        message.setHeader(HttpConstants.HTTP_PATH, request.path());
        message.setHeader(auth.header(), auth.value());
        message.setHeader("Accept", "application/json");
        request.headers().forEach(message::setHeader);
        exchange.setProperty(COMPANY_ID, request.companyId());
    }

    /** The company that this exchange has called. */
    static String companyId(Exchange exchange) {
        return exchange.getProperty(COMPANY_ID, String.class);
    }
}
