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
 * @see <a href="https://docs.adyen.com/api-explorer/Management/3/get/companies/(companyId)/apiCredentials">Get a list of
 *     API credentials</a>
 */
final class Address {

    private final SignIns signIns;
    private final Pace pace;

    Address(SignIns signIns, Pace pace) {
        this.signIns = signIns;
        this.pace = pace;
    }

    void generateClientKey(Exchange exchange) {
        ApiCall call = exchange.getMessage().getBody(ApiCall.class);
        address(exchange, call, HttpMethods.POST, "/generateClientKey");
        exchange.getMessage().setHeader("Idempotency-Key", call.idempotencyKey());
    }

    void readCredential(Exchange exchange) {
        address(exchange, exchange.getMessage().getBody(ApiCall.class), HttpMethods.GET, "");
    }

    void listCredentials(Exchange exchange) {
        CredentialListing listing = exchange.getMessage().getBody(CredentialListing.class);
        address(exchange, listing.companyId(), HttpMethods.GET, path(listing.companyId()));
        exchange.getMessage()
                .setHeader(
                        HttpConstants.HTTP_QUERY,
                        "pageNumber=%d&pageSize=%d".formatted(listing.page(), CredentialListing.PAGE_SIZE));
    }

    private void address(Exchange exchange, ApiCall call, HttpMethods method, String operation) {
        CredentialId credential = call.credential();
        String path = path(credential.companyId()) + "/" + PercentCodec.RFC3986.encode(credential.apiCredentialId());
        address(exchange, credential.companyId(), method, path + operation);
        LastCheck.of(call);
    }

    private void address(Exchange exchange, String companyId, HttpMethods method, String path) {
        pace.beforeCall(companyId);
        Message message = exchange.getMessage();
        ApiAuth auth = signIns.of(companyId);
        LastCheck.of(null);
        message.removeHeaders("*");
        message.setBody(null);
        message.setHeader(HttpConstants.HTTP_METHOD, method);
        message.setHeader(HttpConstants.HTTP_PATH, path);
        message.setHeader(auth.header(), auth.value());
        message.setHeader("Accept", "application/json");
        exchange.setProperty(SignIns.COMPANY, companyId);
    }

    private static String path(String companyId) {
        return "/companies/%s/apiCredentials".formatted(PercentCodec.RFC3986.encode(companyId));
    }
}
