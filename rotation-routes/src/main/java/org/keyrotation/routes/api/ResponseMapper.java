package org.keyrotation.routes.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.camel.Exchange.HTTP_RESPONSE_CODE;

import java.time.Duration;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ApiCredential;
import org.keyrotation.model.ApiCredentialPage;
import org.keyrotation.model.ApiProblem;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.GenerateClientKeyResponse;

/**
 * Maps an HTTP response, or the failure to get one, to an {@link ApiResult}.
 *
 * @see <a href="https://docs.adyen.com/development-resources/response-handling">Response handling</a>
 * @see <a href="https://docs.adyen.com/development-resources/api-idempotency">API idempotency: transient errors</a>
 */
final class ResponseMapper {

    /** A proxy sends these, and does not know whether the API behind it executed the call, or still will. */
    private static final Set<Integer> GATEWAY_STATUSES = Set.of(502, 504);

    private static final Set<Integer> RETRYABLE_STATUSES = Set.of(401, 408, 429);

    /** The API refuses the call before it executes it. Behind the same status of a gateway there may be a success. */
    private static final Set<Integer> NEVER_EXECUTED_STATUSES = Set.of(401, 429);

    /** Only a proxy sends this status, whatever its body looks like. */
    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

    /** 703: the API's idempotency store is unavailable. 704: a call with the same key is in progress. */
    private static final Set<String> IDEMPOTENCY_ERROR_CODES = Set.of("703", "704");

    private ResponseMapper() {}

    static ApiResult keyGenerated(Message response) {
        return response.getBody() instanceof GenerateClientKeyResponse generated
                ? new ApiResult.KeyGenerated(generated.clientKey(), false)
                : error(response);
    }

    static ApiResult credentialRead(Message response) {
        return response.getBody() instanceof ApiCredential credential
                ? new ApiResult.CredentialRead(credential)
                : error(response);
    }

    static ApiResult credentialPage(Message response) {
        return response.getBody() instanceof ApiCredentialPage page
                ? new ApiResult.CredentialPage(page)
                : error(response);
    }

    /** The result of a call that failed with an exception. */
    static ApiResult failedCall(Exchange exchange) {
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        ApiCallException failure =
                caught instanceof ApiCallException known ? known : ApiCallException.noResponse(caught);
        return failure.result();
    }

    private static ApiResult error(Message response) {
        int status = response.getHeader(HTTP_RESPONSE_CODE, int.class);
        if (status / 100 == 2) {
            return new ApiResult.UnknownOutcome("The API answered " + status + " without the expected body", false);
        }
        byte[] body = response.getBody(byte[].class);
        ApiProblem problem = body == null || status == PROXY_AUTHENTICATION_REQUIRED ? null : ApiProblem.read(body);
        if (status / 100 == 3) {
            return new ApiResult.Rejected(FailureCode.REJECTED, redirectDetail(status), problem);
        }
        String detail = problem == null ? foreignDetail(status, body) : detail(status, problem);
        boolean idempotency = problem != null && IDEMPOTENCY_ERROR_CODES.contains(String.valueOf(problem.errorCode()));
        boolean definite =
                status >= 500 && !GATEWAY_STATUSES.contains(status) && !idempotency && !isTransient(response);
        if (definite && problem != null) {
            return new ApiResult.ServerError(detail, problem, RetryAfter.of(response));
        }
        boolean mayHaveExecuted = problem == null || isTransient(response) || !NEVER_EXECUTED_STATUSES.contains(status);
        Duration backOff = RetryAfter.backOff(response);
        if (backOff != null) {
            return new ApiResult.RateLimited(detail, problem, backOff, true, mayHaveExecuted);
        }
        if (status >= 500
                || RETRYABLE_STATUSES.contains(status)
                || idempotency
                || isTransient(response)
                || problem == null) {
            return new ApiResult.Retryable(detail, problem, RetryAfter.of(response), mayHaveExecuted);
        }
        return new ApiResult.Rejected(code(status), detail, problem);
    }

    private static FailureCode code(int status) {
        return switch (status) {
            case 403 -> FailureCode.FORBIDDEN;
            case 404 -> FailureCode.CREDENTIAL_NOT_FOUND;
            default -> FailureCode.REJECTED;
        };
    }

    private static String detail(int status, ApiProblem problem) {
        String text = problem.detail() == null ? problem.title() : problem.detail();
        return "The API answered %d%s (errorCode %s)"
                .formatted(status, text == null ? "" : ": " + text, problem.errorCode());
    }

    private static String redirectDetail(int status) {
        return "The API answered " + status + ", a redirect, which is not followed: check the base URL of the API";
    }

    /** Names the kind of a response that is not the API's word. Nothing of it is copied. */
    private static String foreignDetail(int status, byte @Nullable [] body) {
        return ("The response is %d with %s, expected a RestServiceError of the API:"
                        + " check the gateways and firewalls in between")
                .formatted(status, kind(body == null ? "" : new String(body, UTF_8).strip()));
    }

    private static String kind(String body) {
        if (body.isEmpty()) {
            return "an empty body";
        }
        return body.startsWith("<") ? "an HTML page" : "a body that is no RestServiceError";
    }

    private static boolean isTransient(Message response) {
        return response.getHeader("transient-error", false, boolean.class);
    }
}
