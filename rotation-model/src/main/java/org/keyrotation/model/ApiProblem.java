package org.keyrotation.model;

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
}
