package org.keyrotation.routes.api;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpConstants;

/** Makes a message the API's: none of the headers it came with, and the ones the API asks for. */
final class RequestHeaders {

    private final ApiAuthenticator signIns;
    private final CompanyRateLimiter pace;

    RequestHeaders(ApiAuthenticator signIns, CompanyRateLimiter pace) {
        this.signIns = signIns;
        this.pace = pace;
    }

    void address(Exchange exchange) {
        Message message = exchange.getMessage();
        ApiRequest request = message.getBody(ApiRequest.class);
        pace.beforeCall(request.companyId());
        ApiAuth auth = signIns.of(request.companyId());
        OwnershipInterceptor.of(request);
        message.removeHeaders("*");
        message.setBody(null);
        message.setHeader(HttpConstants.HTTP_METHOD, request.method());
        message.setHeader(HttpConstants.HTTP_PATH, request.path());
        message.setHeader(auth.header(), auth.value());
        message.setHeader("Accept", "application/json");
        request.headers().forEach(message::setHeader);
        exchange.setProperty(ApiAuthenticator.COMPANY, request.companyId());
    }
}
