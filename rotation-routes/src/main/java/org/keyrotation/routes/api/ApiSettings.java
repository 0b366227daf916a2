package org.keyrotation.routes.api;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the Management API.
 *
 * @param baseUrl up to and with the version, without a slash at its end
 * @param auth for every company that has none of its own, or null
 * @param companyAuth by companyId
 * @param connectTimeout for the TCP and TLS connection
 * @param responseTimeout for each wait on the answer
 * @param maxInFlight calls under way at once
 */
public record ApiSettings(
        URI baseUrl,
        @Nullable ApiAuth auth,
        Map<String, ApiAuth> companyAuth,
        Duration connectTimeout,
        Duration responseTimeout,
        int maxInFlight) {

    public ApiSettings {
        companyAuth = Map.copyOf(companyAuth);
    }

    @Nullable
    ApiAuth authFor(String companyId) {
        return companyAuth.getOrDefault(companyId, auth);
    }
}
