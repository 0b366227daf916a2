package org.keyrotation.model;

import org.jspecify.annotations.Nullable;

/**
 * An error answer of the Management API (a {@code RestServiceError}), as far as it may be told on. Its {@code
 * invalidFields} and {@code response} can hold sensitive data and are never read; every text is cut at 1,000 characters.
 *
 * @param type a URI that names the kind of problem
 * @param status the HTTP status
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
        type = TextLimits.cappedOrNull(type);
        errorCode = TextLimits.cappedOrNull(errorCode);
        title = TextLimits.cappedOrNull(title);
        detail = TextLimits.cappedOrNull(detail);
        requestId = TextLimits.cappedOrNull(requestId);
    }
}
