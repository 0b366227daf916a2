package org.keyrotation.sandbox;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import org.keyrotation.sandbox.Route.Operation;

/** The operations that read: one credential, a company's credentials, {@code /me}. */
final class ReadOperations {

    private final SimulatedFleet fleet;
    private final AccessControl accessControl;
    private final Clock clock;

    ReadOperations(SimulatedFleet fleet, AccessControl accessControl, Clock clock) {
        this.clock = clock;
        this.fleet = fleet;
        this.accessControl = accessControl;
    }

    /** @throws ErrorResponseException 422 */
    Supplier<ApiResponse> prepare(Route route, ReceivedRequest request, ApiUser user, URI baseUrl) {
        if (route.operation() == Operation.ME) {
            return () -> me(user, baseUrl);
        }
        if (route.operation() == Operation.LIST_CREDENTIALS) {
            Page page = Page.of(request.uri());
            return () -> list(route.credential().companyId(), page, baseUrl);
        }
        return () -> credential(route.credential(), baseUrl);
    }

    private ApiResponse credential(CredentialId id, URI baseUrl) {
        return fleet.view(id)
                .map(credential -> ApiResponse.json(200, credential.toJson(baseUrl)))
                .orElseGet(() -> Problems.of(404, "No such API credential"));
    }

    private ApiResponse me(ApiUser user, URI baseUrl) {
        List<String> roles = List.copyOf(accessControl.roles(user));
        if (roles.isEmpty()) {
            return Problems.of(403, "Insufficient permissions to process the request");
        }
        return ApiResponse.json(
                        200,
                        new JsonObject()
                                .put("id", user.id())
                                .put("username", user.username())
                                .put("clientKey", "test_" + user.id().substring(3))
                                .put("allowedIpAddresses", new JsonArray())
                                .put("roles", new JsonArray(roles))
                                .put("active", true)
                                .put("_links", new JsonObject().put("self", CredentialView.href(baseUrl + "/me"))))
                .withHeader("Date", RFC_1123_DATE_TIME.format(clock.instant().atZone(ZoneOffset.UTC)));
    }

    private ApiResponse list(String companyId, Page page, URI baseUrl) {
        List<CredentialView> all = fleet.list(companyId);
        JsonArray data = new JsonArray();
        page.slice(all).forEach(credential -> data.add(credential.toJson(baseUrl)));
        String self = baseUrl + "/companies/" + PathSegments.encode(companyId) + "/apiCredentials";
        return ApiResponse.json(
                200,
                new JsonObject()
                        .put("_links", page.links(self, all.size()))
                        .put("itemsTotal", all.size())
                        .put("pagesTotal", page.pages(all.size()))
                        .put("data", data));
    }
}
