package org.keyrotation.sandbox;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** Error responses with {@code RestServiceError} bodies. */
final class Problems {

    private Problems() {}

    static ApiResponse of(int status, String errorCode, String detail) {
        String title = HttpResponseStatus.valueOf(status).reasonPhrase();
        return ApiResponse.json(
                status,
                new JsonObject()
                        .put("type", "https://docs.adyen.com/errors/" + slug(title))
                        .put("title", title)
                        .put("status", status)
                        .put("detail", detail)
                        .put("requestId", RandomText.upperAlphanumerics(16))
                        .put("errorCode", errorCode));
    }

    static ApiResponse of(int status, String detail) {
        return of(status, "00_" + status, detail);
    }

    static ApiResponse invalid(String name, String value, String message) {
        JsonObject field =
                new JsonObject().put("name", name).put("value", value).put("message", message);
        return of(422, "30_001", "Validation failed").withField("invalidFields", new JsonArray().add(field));
    }

    static ApiResponse inProgress() {
        return of(422, "704", "Request already processed or in progress");
    }

    private static String slug(String title) {
        return title.toLowerCase(Locale.ROOT).replace(' ', '-');
    }
}
