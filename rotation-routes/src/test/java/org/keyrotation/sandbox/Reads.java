package org.keyrotation.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.keyrotation.sandbox.Route.Operation;

/** The operations that only read. */
final class Reads {

    private final Fleet fleet;
    private final Users users;

    Reads(Fleet fleet, Users users) {
        this.fleet = fleet;
        this.users = users;
    }

    /** @throws Refusal 422 */
    Supplier<Answer> begin(Route route, ReceivedRequest request, ApiUser user, URI baseUrl) {
        if (route.operation() == Operation.ME) {
            return () -> me(user, baseUrl);
        }
        if (route.operation() == Operation.LIST_CREDENTIALS) {
            Page page = Page.of(request.uri());
            return () -> list(route.credential().companyId(), page, baseUrl);
        }
        return () -> credential(route.credential(), baseUrl);
    }

    private Answer credential(CredentialId id, URI baseUrl) {
        return fleet.view(id)
                .map(credential -> Answer.json(200, credential.toJson(baseUrl)))
                .orElseGet(() -> Problems.of(404, "No such API credential"));
    }

    private Answer me(ApiUser user, URI baseUrl) {
        List<String> roles = List.copyOf(users.roles(user));
        if (roles.isEmpty()) {
            return Problems.of(403, "Insufficient permissions to process the request");
        }
        return Answer.json(
                200,
                new JsonObject()
                        .put("id", user.id())
                        .put("username", user.username())
                        .put("clientKey", "test_" + user.id().substring(3))
                        .put("allowedIpAddresses", new JsonArray())
                        .put("roles", new JsonArray(roles))
                        .put("active", true)
                        .put("_links", new JsonObject().put("self", CredentialView.href(baseUrl + "/me"))));
    }

    private Answer list(String companyId, Page page, URI baseUrl) {
        List<CredentialView> all = fleet.company(companyId);
        JsonArray data = new JsonArray();
        page.cut(all).forEach(credential -> data.add(credential.toJson(baseUrl)));
        String self = baseUrl + "/companies/" + Paths.encode(companyId) + "/apiCredentials";
        return Answer.json(
                200,
                new JsonObject()
                        .put("_links", page.links(self, all.size()))
                        .put("itemsTotal", all.size())
                        .put("pagesTotal", page.pages(all.size()))
                        .put("data", data));
    }
}
