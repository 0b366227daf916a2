package org.keyrotation.routes.api;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpConstants;
import org.apache.camel.component.http.HttpMethods;
import org.apache.hc.core5.net.PercentCodec;
import org.keyrotation.model.CredentialId;

/**
 * Makes a message the API's: none of the headers it came with, and the ones the API asks for.
 *
 * @see <a
 *     href="https://docs.adyen.com/api-explorer/Management/3/post/companies/(companyId)/apiCredentials/(apiCredentialId)/generateClientKey">Generate
 *     new client key</a>
 * @see <a
 *     href="https://docs.adyen.com/api-explorer/Management/3/get/companies/(companyId)/apiCredentials/(apiCredentialId)">Get
 *     an API credential</a>
 */
final class Address {

    private final SignIns signIns;

    Address(SignIns signIns) {
        this.signIns = signIns;
    }

    void generateClientKey(Exchange exchange) {
        ApiCall call = exchange.getMessage().getBody(ApiCall.class);
        address(exchange, call, HttpMethods.POST, "/generateClientKey");
        exchange.getMessage().setHeader("Idempotency-Key", call.idempotencyKey());
    }

    void readCredential(Exchange exchange) {
        address(exchange, exchange.getMessage().getBody(ApiCall.class), HttpMethods.GET, "");
    }

    private void address(Exchange exchange, ApiCall call, HttpMethods method, String operation) {
        Message message = exchange.getMessage();
        ApiAuth auth = signIns.of(call.credential().companyId());
        message.removeHeaders("*");
        message.setBody(null);
        message.setHeader(HttpConstants.HTTP_METHOD, method);
        message.setHeader(HttpConstants.HTTP_PATH, path(call.credential()) + operation);
        message.setHeader(auth.header(), auth.value());
        message.setHeader("Accept", "application/json");
        exchange.setProperty(SignIns.COMPANY, call.credential().companyId());
    }

    private static String path(CredentialId credential) {
        return "/companies/%s/apiCredentials/%s"
                .formatted(
                        PercentCodec.RFC3986.encode(credential.companyId()),
                        PercentCodec.RFC3986.encode(credential.apiCredentialId()));
    }
}
