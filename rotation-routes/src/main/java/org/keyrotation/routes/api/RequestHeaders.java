package org.keyrotation.routes.api;

import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Replaces all headers of a message, and its body, by those of an API request. */
final class RequestHeaders {

    /** Exchange property: the request. The HTTP client and the response handlers need it, and the body is gone by then. */
    private static final String REQUEST = "rotation.api.request";

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
        message.removeHeaders("*");
        message.setBody(null);
        message.setHeader(Exchange.HTTP_METHOD, request.method());
        message.setHeader(Exchange.HTTP_PATH, request.path());
        message.setHeader(auth.header(), auth.value());
        message.setHeader("Accept", "application/json");
        request.headers().forEach(message::setHeader);
        exchange.setProperty(REQUEST, request);
    }

    /** The request that this exchange makes, or has made. */
    static ApiRequest request(Exchange exchange) {
        return exchange.getProperty(REQUEST, ApiRequest.class);
    }

    /** The company that this exchange has called. */
    static String companyId(Exchange exchange) {
        return request(exchange).companyId();
    }
}
