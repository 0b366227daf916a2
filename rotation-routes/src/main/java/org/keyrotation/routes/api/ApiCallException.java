package org.keyrotation.routes.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.FailureCode;

/**
 * The failure of a call, which carries the {@link ApiResult} that the call ends with. It has no cause, and quotes neither
 * the error of an {@link ApiAuthProvider} nor a response: both may hold a secret.
 */
final class ApiCallException extends RuntimeException {

    private final transient ApiResult result;

    private ApiCallException(ApiResult result) {
        super(result.toString(), null, false, false);
        this.result = result;
    }

    /** @param remedy names how to provide the authentication */
    static ApiCallException missingAuth(String companyId, String remedy) {
        String detail = "No API authentication for company " + companyId + ": " + remedy;
        return new ApiCallException(new ApiResult.Rejected(FailureCode.FORBIDDEN, detail, null));
    }

    static ApiCallException authUnavailable(Exception failure) {
        return notSent("No API authentication: its provider failed with "
                + failure.getClass().getName());
    }

    /** The call was not sent. */
    static ApiCallException rateLimited(String detail, Duration wait) {
        return new ApiCallException(new ApiResult.RateLimited(detail, null, wait, false, false));
    }

    static ApiCallException unreadableBody() {
        String detail = "The API answered 200, but its body is not the expected JSON";
        return new ApiCallException(new ApiResult.UnknownOutcome(detail, false));
    }

    /**
     * A failure before the request was sent.
     *
     * @param proxy its host and port, or null
     * @param reason quotes nothing that a proxy has sent
     */
    static ApiCallException noConnection(@Nullable String proxy, String reason) {
        String through = proxy == null ? "" : " through the proxy " + proxy;
        return notSent("No connection" + through + ": " + reason);
    }

    /** A proxy opened no tunnel to the API. Its page is dropped. */
    static ApiCallException refusedConnect(@Nullable String proxy, int status) {
        String name = proxy == null ? "a proxy" : "the proxy " + proxy;
        return notSent("No connection: " + name + " refused CONNECT with status " + status);
    }

    /** A proxy answered the request itself. Nothing proves that it did not forward it before. */
    static ApiCallException refusedByProxy(String proxy, String method, int status) {
        String detail = "The proxy " + proxy + " refused " + method + " with status " + status;
        return new ApiCallException(new ApiResult.Retryable(detail, null, null, true));
    }

    /** Any other failure of the HTTP client: the API may have executed the call. */
    static ApiCallException noResponse(Throwable failure) {
        String detail = "No response: " + failure.getClass().getSimpleName();
        return new ApiCallException(new ApiResult.UnknownOutcome(detail, true));
    }

    private static ApiCallException notSent(String detail) {
        return new ApiCallException(new ApiResult.Retryable(detail, null, null, false));
    }

    ApiResult result() {
        return result;
    }
}
