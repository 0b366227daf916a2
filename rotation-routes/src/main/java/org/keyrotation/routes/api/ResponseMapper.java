package org.keyrotation.routes.api;

import static org.apache.camel.Exchange.HTTP_RESPONSE_CODE;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ApiCredential;
import org.keyrotation.model.ApiCredentialPage;
import org.keyrotation.model.ApiProblem;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.GenerateClientKeyResponse;
import org.keyrotation.model.Json;

/**
 * HTTP as an {@link ApiResult}.
 *
 * @see <a href="https://docs.adyen.com/development-resources/response-handling">Response handling</a>
 * @see <a href="https://docs.adyen.com/development-resources/api-idempotency">API idempotency: transient errors</a>
 */
final class ResponseMapper {

    /** Said by a proxy, which does not know what the API behind it does; it may do it yet. */
    private static final Set<Integer> GATEWAY = Set.of(502, 504);

    private static final Set<Integer> TRY_LATER = Set.of(401, 408, 429);
    private static final Set<String> IDEMPOTENCY_BUSY = Set.of("703", "704");

    private ResponseMapper() {}

    static ApiResult generated(Message message) {
        return message.getBody() instanceof GenerateClientKeyResponse response
                ? new ApiResult.Generated(response.clientKey(), false)
                : problem(message);
    }

    static ApiResult found(Message message) {
        return message.getBody() instanceof ApiCredential credential
                ? new ApiResult.Found(credential)
                : problem(message);
    }

    static ApiResult listed(Message message) {
        return message.getBody() instanceof ApiCredentialPage page ? new ApiResult.Listed(page) : problem(message);
    }

    private static ApiResult problem(Message message) {
        int status = message.getHeader(HTTP_RESPONSE_CODE, int.class);
        if (status / 100 == 2) {
            return new ApiResult.Lost("The API answered " + status + " without what was asked for", false);
        }
        ApiProblem problem = readProblem(message);
        boolean busy = problem != null && IDEMPOTENCY_BUSY.contains(String.valueOf(problem.errorCode()));
        boolean definite = status >= 500 && !GATEWAY.contains(status) && !busy && !isTransient(message);
        if (definite && problem != null) {
            return new ApiResult.Failed(detail(status, problem), problem, RetryAfter.of(message));
        }
        Duration rest = RetryAfter.restAskedBy(message);
        if (rest != null) {
            return new ApiResult.NotNow(detail(status, problem), problem, rest, true);
        }
        if (status >= 500 || TRY_LATER.contains(status) || busy) {
            boolean uncertain = status >= 500 || status == 408 || busy;
            return new ApiResult.Unavailable(detail(status, problem), problem, RetryAfter.of(message), uncertain);
        }
        return new ApiResult.Refused(code(status), detail(status, problem), problem);
    }

    static ApiResult missingSignIn(Exchange exchange) {
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        return new ApiResult.Refused(FailureCode.FORBIDDEN, String.valueOf(caught.getMessage()), null);
    }

    static ApiResult withoutAnswer(Exchange exchange) {
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (caught instanceof UnreadableResponseException) {
            return new ApiResult.Lost(String.valueOf(caught.getMessage()), false);
        }
        if (caught instanceof ApiAuthUnavailableException) {
            return new ApiResult.Unavailable("No sign-in: " + caught.getMessage(), null, null, false);
        }
        if (caught instanceof RateLimitExceededException far) {
            return new ApiResult.NotNow(String.valueOf(far.getMessage()), null, far.left(), false);
        }
        if (wasNeverSent(caught)) {
            String detail = caught.getClass().getSimpleName() + ": " + caught.getMessage();
            return new ApiResult.Unavailable("No connection: " + detail, null, null, false);
        }
        String kind = caught instanceof NoResponseException
                ? caught.getMessage()
                : caught.getClass().getSimpleName();
        return new ApiResult.Lost("No answer: " + kind, true);
    }

    static boolean wasNeverSent(Exception e) {
        return e instanceof ConnectException
                || e instanceof ConnectTimeoutException
                || e instanceof ConnectionRequestTimeoutException
                || e instanceof NoRouteToHostException
                || e instanceof SSLHandshakeException
                || e instanceof SSLPeerUnverifiedException
                || e instanceof UnknownHostException;
    }

    private static FailureCode code(int status) {
        return switch (status) {
            case 403 -> FailureCode.FORBIDDEN;
            case 404 -> FailureCode.CREDENTIAL_NOT_FOUND;
            default -> FailureCode.REJECTED;
        };
    }

    private static String detail(int status, @Nullable ApiProblem problem) {
        if (status / 100 == 3) {
            return "The API answered " + status
                    + ", a redirect, which is never followed: check the base URL of the API";
        }
        return problem == null
                ? "The API answered " + status
                : "The API answered %d: %s (errorCode %s)".formatted(status, problem.detail(), problem.errorCode());
    }

    private static @Nullable ApiProblem readProblem(Message message) {
        InputStream body = message.getBody(InputStream.class);
        try {
            ApiProblem problem = body == null ? null : Json.mapper().readValue(body, ApiProblem.class);
            return problem == null || problem.errorCode() == null ? null : problem;
        } catch (IOException e) {
            return null; // a gateway's HTML page, say: the status has to do, as it has where there is no errorCode
        }
    }

    private static boolean isTransient(Message message) {
        return message.getHeader("transient-error", false, boolean.class);
    }
}
