package org.keyrotation.routes.api;

import org.jspecify.annotations.Nullable;

/**
 * Where the sign-in for a call of the Management API comes from. It is asked before each call, so that an API key which was
 * changed counts at once; by many threads at a time, and a call waits for it.
 */
@FunctionalInterface
public interface ApiAuthProvider {

    /**
     * The sign-in for calls about this company; null where there is none, which refuses the request as {@code FORBIDDEN}.
     *
     * @throws Exception where it cannot be told now: the request is tried again later
     */
    @Nullable
    ApiAuth authFor(String companyId) throws Exception;
}
