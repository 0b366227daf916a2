package org.keyrotation.routes.api;

import org.jspecify.annotations.Nullable;

/**
 * Provides the authentication of Management API calls. It is called before every API call, so a changed API key takes effect
 * at once. Implementations must be thread-safe, and quick: the API call waits for them.
 */
@FunctionalInterface
public interface ApiAuthProvider {

    /**
     * Returns the authentication for calls about this company, or null if there is none. Without one, the request fails as
     * {@code FORBIDDEN}.
     *
     * @throws Exception if the authentication is temporarily unavailable; the request is then retried later
     */
    @Nullable
    ApiAuth authFor(String companyId) throws Exception;
}
