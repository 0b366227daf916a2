package org.keyrotation.routes.api;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
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
 */
final class Address implements Processor {

    private final SignIns signIns;

    Address(SignIns signIns) {
        this.signIns = signIns;
    }

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        ApiCall call = message.getBody(ApiCall.class);
        ApiAuth auth = signIns.of(call.credential().companyId());
        message.removeHeaders("*");
        message.setBody(null);
        message.setHeader(HttpConstants.HTTP_METHOD, HttpMethods.POST);
        message.setHeader(HttpConstants.HTTP_PATH, path(call.credential()) + "/generateClientKey");
        message.setHeader(auth.header(), auth.value());
        message.setHeader("Accept", "application/json");
        message.setHeader("Idempotency-Key", call.idempotencyKey());
        exchange.setProperty(SignIns.COMPANY, call.credential().companyId());
    }

    private static String path(CredentialId credential) {
        return "/companies/%s/apiCredentials/%s"
                .formatted(
                        PercentCodec.RFC3986.encode(credential.companyId()),
                        PercentCodec.RFC3986.encode(credential.apiCredentialId()));
    }
}
