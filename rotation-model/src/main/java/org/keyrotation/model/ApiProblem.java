package org.keyrotation.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An error response of the Management API (a {@code RestServiceError}), reduced to the fields that are safe to publish.
 * {@code invalidFields} and {@code response} can hold sensitive data and are never read. Each text is truncated to 1,000
 * characters. Each component is null if the API omits it.
 *
 * @param type a URI that identifies the problem type (RFC 9457)
 * @param errorCode Adyen's error code, such as {@code 00_403}
 * @param title a summary of the problem type
 * @param detail a description of this occurrence
 * @param status the HTTP status code
 * @param requestId Adyen's reference of the call, the {@code pspReference}; not the id of a rotation request
 * @see <a href="https://docs.adyen.com/development-resources/error-codes">Adyen's error codes</a>
 */
public record ApiProblem(
        @Nullable String type,
        @Nullable String errorCode,
        @Nullable String title,
        @Nullable String detail,
        @Nullable Integer status,
        @Nullable String requestId) {

    public ApiProblem {
        type = TextLimits.truncateOrNull(type);
        errorCode = TextLimits.truncateOrNull(errorCode);
        title = TextLimits.truncateOrNull(title);
        detail = TextLimits.truncateOrNull(detail);
        requestId = TextLimits.truncateOrNull(requestId);
    }

    /**
     * Reads the body of an error response. Reading is lenient: a number is also a text, a field of another type counts as
     * omitted, and the older error shape ({@code message}, {@code errorType}) is read, too.
     *
     * @return null if the body is no {@code RestServiceError}, which is a JSON object with an errorCode
     */
    public static @Nullable ApiProblem read(byte[] body) {
        try {
            JsonNode json = Json.mapper().readTree(body);
            ApiProblem problem = new ApiProblem(
                    text(json, "type", "errorType"),
                    text(json, "errorCode"),
                    text(json, "title"),
                    text(json, "detail", "message"),
                    integer(json.path("status")),
                    text(json, "requestId", "pspReference"));
            return problem.errorCode() == null ? null : problem;
        } catch (IOException e) {
            return null; // for example the HTML page of a gateway
        }
    }

    /** Returns the first of these fields that has a text, or null. */
    private static @Nullable String text(JsonNode json, String... fields) {
        for (String field : fields) {
            JsonNode value = json.path(field);
            if ((value.isTextual() || value.isNumber()) && !value.asText().isBlank()) {
                return value.asText();
            }
        }
        return null;
    }

    private static @Nullable Integer integer(JsonNode value) {
        try {
            return Integer.valueOf(value.asText());
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
