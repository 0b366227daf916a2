package org.keyrotation.sandbox;

import org.jspecify.annotations.Nullable;

/** Aborts a request with this response. */
final class ErrorResponseException extends RuntimeException {

    private final transient ApiResponse response;

    ErrorResponseException(ApiResponse response) {
        this(response, null);
    }

    ErrorResponseException(ApiResponse response, @Nullable Throwable cause) {
        super("responded with " + response.status(), cause);
        this.response = response;
    }

    ApiResponse response() {
        return response;
    }
}
