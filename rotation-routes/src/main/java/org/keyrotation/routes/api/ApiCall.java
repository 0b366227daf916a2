package org.keyrotation.routes.api;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.keyrotation.model.CredentialId;

/** A call about one credential: the message body that {@link ManagementApiRoutes} expects. */
public interface ApiCall {

    /** The credential to read, or to generate a client key for. */
    CredentialId credential();

    /**
     * The idempotency key of all calls that generate the same client key: at most 64 characters, best a random UUID. Calls
     * that read a credential have none.
     *
     * @see <a href="https://docs.adyen.com/development-resources/api-idempotency">API idempotency</a>
     */
    String idempotencyKey();

    /** The longest wait for a permit of the company's rate limiter; by default 5 seconds. */
    default Duration maxPermitWait() {
        return CompanyRateLimiter.MAX_PERMIT_WAIT;
    }

    /**
     * Whether the caller still owns the credential's partition. It is checked just before the first byte of each call;
     * if it is false, the call fails with a {@link CallFencedException}.
     */
    default boolean isStillOwned() {
        return true;
    }

    /**
     * Renews the right to generate a key, which may have lapsed while the call waited for its permits. The call is sent after
     * this completes. A failure is ignored: {@link #isGenerationAllowed()} decides.
     */
    default CompletableFuture<?> renewBeforeGeneration() {
        return CompletableFuture.completedFuture(null);
    }

    /** Whether the caller may still generate a key. It is checked like {@link #isStillOwned()}, for such a call only. */
    default boolean isGenerationAllowed() {
        return isStillOwned();
    }
}
