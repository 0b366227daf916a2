package org.keyrotation.routes.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ApiCredential;
import org.keyrotation.model.ApiCredentialPage;
import org.keyrotation.model.ApiProblem;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.FailureCode;

/** The result of one Management API call. */
public sealed interface ApiResult {

    /**
     * The API generated a client key.
     *
     * @param recovered whether the response was lost, and the key was learnt by reading the credential back
     */
    record KeyGenerated(ClientKey clientKey, boolean recovered) implements ApiResult {}

    /** The API returned the credential. */
    record CredentialRead(ApiCredential credential) implements ApiResult {}

    /** The API returned one page of a company's credentials. */
    record CredentialPage(ApiCredentialPage page) implements ApiResult {}

    /** A definite rejection: an error of the API itself, a redirect, or no authentication. A retry gets the same result. */
    record Rejected(FailureCode code, String detail, @Nullable ApiProblem problem) implements ApiResult {}

    /** A result that does not settle the request: a later call may have another one. */
    sealed interface Inconclusive extends ApiResult {
        /** A description for operators, without secrets. */
        String detail();

        /** The API's error response, or null. */
        default @Nullable ApiProblem problem() {
            return null;
        }

        /** The delay that the API asks for, or null if it names none. */
        default @Nullable Duration retryAfter() {
            return null;
        }

        /** Whether the API may have executed the call all the same. */
        boolean mayHaveExecuted();
    }

    /** The call did not succeed now, and may later. */
    record Retryable(
            String detail, @Nullable ApiProblem problem, @Nullable Duration retryAfter, boolean mayHaveExecuted)
            implements Inconclusive {}

    /**
     * The company is rate limited: the API answered 429 with a Retry-After, now or before, or the company's own limit is
     * reached. A caller that waits for it would hold up other companies.
     *
     * @param called whether the call was sent at all
     */
    record RateLimited(
            String detail, @Nullable ApiProblem problem, Duration retryAfter, boolean called, boolean mayHaveExecuted)
            implements Inconclusive {}

    /** The API failed with a 5xx error. It would replay that error for the same Idempotency-Key. */
    record ServerError(String detail, ApiProblem problem, @Nullable Duration retryAfter) implements Inconclusive {
        @Override
        public boolean mayHaveExecuted() {
            return true;
        }
    }

    /**
     * There was no response, or an unreadable one.
     *
     * @param repeatable whether the call may be repeated with the same Idempotency-Key. It is false after a 2xx: the API
     *     has executed the call, and does not promise that it is idempotent.
     */
    record UnknownOutcome(String detail, boolean repeatable) implements Inconclusive {
        @Override
        public boolean mayHaveExecuted() {
            return true;
        }
    }
}
