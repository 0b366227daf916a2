package org.keyrotation.routes.api;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.config.SettingsReader;

/**
 * How to reach the Management API.
 *
 * @param baseUrl up to and with the version, without a slash at its end
 * @param auth for every company that has none of its own, or null
 * @param companyAuth by companyId
 * @param connectTimeout for the TCP and TLS connection
 * @param responseTimeout for each wait on the answer
 * @param maxInFlight calls under way at once
 * @param requestsPerSecond calls of each company, or 0 for no limit
 */
public record ApiSettings(
        URI baseUrl,
        @Nullable ApiAuth auth,
        Map<String, ApiAuth> companyAuth,
        Duration connectTimeout,
        Duration responseTimeout,
        int maxInFlight,
        int requestsPerSecond)
        implements ApiAuthProvider {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    /** Refuses a base URL over which an API key would travel in the clear. */
    public ApiSettings {
        companyAuth = Map.copyOf(companyAuth);
        if (!isBaseUrl(baseUrl)) {
            throw new IllegalArgumentException("baseUrl must be https, or http to a loopback host");
        }
    }

    /** Whether it is https, or http to a loopback host, with neither user, query nor fragment. */
    public static boolean isBaseUrl(URI url) {
        String host = url.getHost();
        boolean plain = url.getUserInfo() == null && url.getQuery() == null && url.getFragment() == null;
        boolean loopback = host != null && LOOPBACK.matcher(host).matches();
        boolean safe = "https".equals(url.getScheme()) || (loopback && "http".equals(url.getScheme()));
        return host != null && plain && safe;
    }

    @Override
    public @Nullable ApiAuth authFor(String companyId) {
        return companyAuth.getOrDefault(companyId, auth);
    }

    public static ApiSettings read(SettingsReader in, boolean hasAuthProvider) {
        return new ApiProperties(in, in.names(), hasAuthProvider).read();
    }
}
