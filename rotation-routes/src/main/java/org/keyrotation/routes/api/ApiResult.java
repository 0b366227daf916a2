package org.keyrotation.routes.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ApiCredential;
import org.keyrotation.model.ApiCredentialPage;
import org.keyrotation.model.ApiProblem;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.FailureCode;

/** What came of one call of the Management API. */
public sealed interface ApiResult {

    /**
     * The API generated a key.
     *
     * @param recovered whether its answer was lost, and the key learnt by reading the credential back
     */
    record Generated(ClientKey clientKey, boolean recovered) implements ApiResult {}

    /** The API described the credential. */
    record Found(ApiCredential credential) implements ApiResult {}

    /** The API listed credentials of a company. */
    record Listed(ApiCredentialPage page) implements ApiResult {}

    /** The API said no, and would say so again. */
    record Refused(FailureCode code, String detail, @Nullable ApiProblem problem) implements ApiResult {}

    /** Nothing that counts as an answer; it may be different another time. */
    sealed interface Unsettled extends ApiResult {
        /** What happened, without any secret. */
        String detail();

        /** What the API said of it, or null. */
        default @Nullable ApiProblem problem() {
            return null;
        }

        /** How long the API asks to be left alone, or null where it does not say. */
        default @Nullable Duration retryAfter() {
            return null;
        }

        /** Whether the call may have been carried out all the same. */
        boolean uncertain();
    }

    /** The API did not do it now, and may later. */
    record Unavailable(String detail, @Nullable ApiProblem problem, @Nullable Duration retryAfter, boolean uncertain)
            implements Unsettled {}

    /**
     * The company is not to be called for now: the API says so (429 with Retry-After), or has said so before, or its limit of
     * calls is reached. Whoever waits for that keeps others from their work.
     *
     * @param called whether the API was asked at all
     */
    record NotNow(String detail, @Nullable ApiProblem problem, Duration retryAfter, boolean called)
            implements Unsettled {
        @Override
        public boolean uncertain() {
            return false;
        }
    }

    /** The API tried and failed. Under the same Idempotency-Key it would only say so again. */
    record Failed(String detail, ApiProblem problem, @Nullable Duration retryAfter) implements Unsettled {
        @Override
        public boolean uncertain() {
            return true;
        }
    }

    /**
     * No answer, or one that cannot be read.
     *
     * @param repeatable whether the call may be made again with the same Idempotency-Key: not where the API said that it
     *     was done, as the specification does not promise that the call is idempotent
     */
    record Lost(String detail, boolean repeatable) implements Unsettled {
        @Override
        public boolean uncertain() {
            return true;
        }
    }
}
