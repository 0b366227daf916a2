package org.keyrotation.routes.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ApiProblem;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.FailureCode;

/** What came of one call of the Management API. */
public sealed interface ApiAnswer {

    /** The API generated a key. */
    record Generated(ClientKey clientKey) implements ApiAnswer {}

    /** The API said no, and would say so again. */
    record Refused(FailureCode code, String detail, @Nullable ApiProblem problem) implements ApiAnswer {}

    /** It may be tried again. */
    sealed interface Unsettled extends ApiAnswer {
        /** What happened, without any secret. */
        String detail();
    }

    /**
     * The API did not do it now, and may later.
     *
     * @param retryAfter how long the API asks to be left alone, or null where it does not say
     * @param sameAttempt whether the next call may carry the same Idempotency-Key; where false, the API may have
     *     stored this answer and would only repeat it
     */
    record Unavailable(String detail, @Nullable ApiProblem problem, @Nullable Duration retryAfter, boolean sameAttempt)
            implements Unsettled {}

    /** No answer that can be read: whether a key was generated is not known. */
    record Lost(String detail) implements Unsettled {}
}
