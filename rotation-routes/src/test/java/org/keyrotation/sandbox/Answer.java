package org.keyrotation.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An HTTP answer before it is sent. */
record Answer(int status, Map<String, String> headers, String body, Delivery delivery) {

    Answer {
        headers = Map.copyOf(headers);
    }

    static Answer empty(int status) {
        return new Answer(status, Map.of(), "", Delivery.WHOLE);
    }

    static Answer json(int status, JsonObject body) {
        return empty(status).withBody("application/json", body.encode());
    }

    Answer withBody(String contentType, String text) {
        return new Answer(status, headers, text, delivery).withHeader("Content-Type", contentType);
    }

    Answer withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, body, delivery);
    }

    /** Sets one field of the JSON body. */
    Answer withField(String name, @Nullable Object value) {
        return new Answer(status, headers, new JsonObject(body).put(name, value).encode(), delivery);
    }

    Answer withoutField(String name) {
        JsonObject json = new JsonObject(body);
        json.remove(name);
        return new Answer(status, headers, json.encode(), delivery);
    }

    Answer delivered(Delivery how) {
        return new Answer(status, headers, body, how);
    }
}
