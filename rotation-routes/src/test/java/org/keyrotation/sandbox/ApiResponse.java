package org.keyrotation.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An HTTP response before it is sent. */
record ApiResponse(int status, Map<String, String> headers, String body, Delivery delivery) {

    ApiResponse {
        headers = Map.copyOf(headers);
    }

    static ApiResponse empty(int status) {
        return new ApiResponse(status, Map.of(), "", Delivery.WHOLE);
    }

    static ApiResponse json(int status, JsonObject body) {
        return empty(status).withBody("application/json", body.encode());
    }

    ApiResponse withBody(String contentType, String text) {
        return new ApiResponse(status, headers, text, delivery).withHeader("Content-Type", contentType);
    }

    ApiResponse withHeader(String name, String value) {
        Map<String, String> merged = new LinkedHashMap<>(headers);
        merged.put(name, value);
        return new ApiResponse(status, merged, body, delivery);
    }

    ApiResponse withField(String name, @Nullable Object value) {
        return new ApiResponse(
                status, headers, new JsonObject(body).put(name, value).encode(), delivery);
    }

    ApiResponse withoutField(String name) {
        JsonObject json = new JsonObject(body);
        json.remove(name);
        return new ApiResponse(status, headers, json.encode(), delivery);
    }

    ApiResponse withDelivery(Delivery newDelivery) {
        return new ApiResponse(status, headers, body, newDelivery);
    }
}
