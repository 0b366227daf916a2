package org.keyrotation.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.keyrotation.sandbox.SimulatedCredential.State;

/** A snapshot of a credential and its JSON representation. */
record CredentialView(CredentialId id, @Nullable String clientKey, boolean active) {

    static CredentialView of(SimulatedCredential credential) {
        return new CredentialView(credential.id, credential.currentKey(), credential.state == State.ACTIVE);
    }

    JsonObject toJson(URI baseUrl) {
        String company = baseUrl + "/companies/" + PathSegments.encode(id.companyId());
        String self = company + "/apiCredentials/" + PathSegments.encode(id.apiCredentialId());
        JsonObject json = new JsonObject()
                .put("id", id.apiCredentialId())
                .put("username", "ws_" + id.apiCredentialId() + "@Company." + id.companyId())
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
        return clientKey == null ? json : json.put("clientKey", clientKey);
    }

    static JsonObject href(String url) {
        return new JsonObject().put("href", url);
    }
}
