package org.keyrotation.routes.api;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
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
        String detail = "No API authentication: its provider failed with "
                + failure.getClass().getName();
        return new ApiCallException(new ApiResult.Retryable(detail, null, null, false));
    }

    /** The call was not sent. */
    static ApiCallException rateLimited(String detail, Duration wait) {
        return new ApiCallException(new ApiResult.RateLimited(detail, null, wait, false));
    }

    static ApiCallException unreadableBody() {
        String detail = "The API answered 200, but its body is not the expected JSON";
        return new ApiCallException(new ApiResult.UnknownOutcome(detail, false));
    }

    /** Maps a failure of the HTTP client: without a connection, the API cannot have executed the call. */
    static ApiCallException clientFailure(Exception failure) {
        String kind = failure.getClass().getSimpleName();
        return new ApiCallException(
                isNoConnection(failure)
                        ? new ApiResult.Retryable(
                                "No connection: " + kind + ": " + failure.getMessage(), null, null, false)
                        : new ApiResult.UnknownOutcome("No response: " + kind, true));
    }

    ApiResult result() {
        return result;
    }

    private static boolean isNoConnection(Exception failure) {
        return failure instanceof ConnectException
                || failure instanceof ConnectTimeoutException
                || failure instanceof ConnectionRequestTimeoutException
                || failure instanceof NoRouteToHostException
                || failure instanceof SSLHandshakeException
                || failure instanceof SSLPeerUnverifiedException
                || failure instanceof UnknownHostException;
    }
}
