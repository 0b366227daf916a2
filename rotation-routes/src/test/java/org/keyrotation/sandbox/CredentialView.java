package org.keyrotation.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import org.keyrotation.sandbox.SimulatedCredential.State;

/** A snapshot of a credential and its JSON representation. */
record CredentialView(CredentialId id, String clientKey, boolean active) {

    static CredentialView of(SimulatedCredential credential) {
        return new CredentialView(credential.id, credential.currentKey(), credential.state == State.ACTIVE);
    }

    JsonObject toJson(URI baseUrl) {
        String company = baseUrl + "/companies/" + PathSegments.encode(id.companyId());
        String self = company + "/apiCredentials/" + PathSegments.encode(id.apiCredentialId());
        return new JsonObject()
                .put("id", id.apiCredentialId())
                .put("username", "ws_" + id.apiCredentialId() + "@Company." + id.companyId())
                .put("clientKey", clientKey)
                .put("allowedIpAddresses", new JsonArray())
                .put("roles", new JsonArray().add("Checkout webservice role"))
                .put("active", active)
                .put("description", "Simulated")
                .put(
                        "_links",
                        new JsonObject()
                                .put("self", href(self))
                                .put("company", href(company))
                                .put("generateClientKey", href(self + "/generateClientKey")));
    }

    static JsonObject href(String url) {
        return new JsonObject().put("href", url);
    }
}
