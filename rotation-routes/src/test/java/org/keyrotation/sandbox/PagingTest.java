package org.keyrotation.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.sandbox.ApiTestClient.COMPANY;
import static org.keyrotation.sandbox.ApiTestClient.CREDENTIAL;
import static org.keyrotation.sandbox.ApiTestClient.LIST;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SandboxExtension.class)
class PagingTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "?pageSize=7", "?pageNumber=1&pageSize=100"})
    void linksLeadToEveryCredentialOnce(String query, SimulatedManagementApi api) throws Exception {
        ApiTestClient client = ApiTestClient.of(api);
        IntStream.rangeClosed(1, 24).forEach(i -> api.addCredential(COMPANY, "S2-" + i));
        api.addCredential("OtherCorp", "S2-99");

        assertThat(followLinks(client, LIST + query, api))
                .hasSize(25)
                .doesNotHaveDuplicates()
                .contains(CREDENTIAL)
                .doesNotContain("S2-99");
    }

    @Test
    void pageHasTenEntriesByDefault(SimulatedManagementApi api) throws Exception {
        ApiTestClient client = ApiTestClient.of(api);
        IntStream.rangeClosed(1, 24).forEach(i -> api.addCredential(COMPANY, "S2-" + i));

        JsonObject page = new JsonObject(client.read(LIST).body());

        assertThat(page.getJsonArray("data")).hasSize(10);
        assertThat(page.getInteger("itemsTotal")).isEqualTo(25);
        assertThat(page.getInteger("pagesTotal")).isEqualTo(3);
    }

    @Test
    void listIncludesInactiveAndOmitsRemovedCredentials(SimulatedManagementApi api) throws Exception {
        ApiTestClient client = ApiTestClient.of(api);
        api.addCredential(COMPANY, "S2-gone");
        api.removeCredential(COMPANY, "S2-gone");
        api.setActive(COMPANY, CREDENTIAL, false);

        JsonArray data = new JsonObject(client.read(LIST).body()).getJsonArray("data");

        assertThat(data).hasSize(1);
        assertThat(data.getJsonObject(0).getString("clientKey"))
                .isEqualTo(api.truth().currentKey(COMPANY, CREDENTIAL));
        assertThat(data.getJsonObject(0).getBoolean("active")).isFalse();
    }

    private static List<String> followLinks(ApiTestClient client, String path, SimulatedManagementApi api)
            throws Exception {
        List<String> ids = new ArrayList<>();
        String next = path;
        while (next != null) {
            JsonObject page = new JsonObject(client.read(next).body());
            page.getJsonArray("data").forEach(item -> ids.add(((JsonObject) item).getString("id")));
            next = next(page, api);
        }
        return ids;
    }

    private static @Nullable String next(JsonObject page, SimulatedManagementApi api) {
        JsonObject link = page.getJsonObject("_links").getJsonObject("next");
        return link == null
                ? null
                : link.getString("href").substring(api.baseUrl().toString().length());
    }
}
