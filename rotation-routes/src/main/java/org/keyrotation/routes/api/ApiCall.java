package org.keyrotation.routes.api;

import java.time.Duration;
import org.keyrotation.model.CredentialId;

/** What the body of a message to {@link ManagementApiRoutes} must tell. */
public interface ApiCall {

    /** The credential to read, or to generate a client key for. */
    CredentialId credential();

    /**
     * Of the calls that generate one key: at most 64 characters, best a random UUID.
     *
     * @see <a href="https://docs.adyen.com/development-resources/api-idempotency">API idempotency</a>
     */
    String idempotencyKey();

    /** How far away its company's turn may be. */
    default Duration longestWait() {
        return CompanyRateLimiter.LONGEST_WAIT;
    }

    /** Asked just before the first byte of each call. */
    default boolean mayBeMade() {
        return true;
    }
}
