package org.keyrotation.routes.api;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.config.SettingsReader;

/**
 * The settings of the Management API client: {@code rotation.api.*}.
 *
 * @param baseUrl up to and including the version, without a trailing slash
 * @param auth for every company without an entry in {@code companyAuth}, or null
 * @param companyAuth by companyId
 * @param connectTimeout for the TCP and TLS connection
 * @param responseTimeout from the request to the end of the response
 * @param maxInFlight most calls in flight at once
 * @param requestsPerSecond most calls a second of each company; 0 for no limit
 * @param httpClient the component that makes the calls
 */
public record ApiSettings(
        URI baseUrl,
        @Nullable ApiAuth auth,
        Map<String, ApiAuth> companyAuth,
        Duration connectTimeout,
        Duration responseTimeout,
        int maxInFlight,
        int requestsPerSecond,
        ApiHttpClient httpClient)
        implements ApiAuthProvider {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private static final String TEST_HOST = "management-test.adyen.com";

    /** @throws IllegalArgumentException if an API key would travel to this base URL unencrypted */
    public ApiSettings {
        companyAuth = Map.copyOf(companyAuth);
        if (!isBaseUrl(baseUrl)) {
            throw new IllegalArgumentException("baseUrl must be https, or http to a loopback host");
        }
    }

    /**
     * Reads the settings, and reports problems to the reader.
     *
     * @param hasAuthProvider whether the application provides the authentication, so that no property has to
     */
    public static ApiSettings read(SettingsReader in, boolean hasAuthProvider) {
        return new ApiSettingsReader(in, in.names(), hasAuthProvider).read();
    }

    /** Whether the URL is https, or http to a loopback host, without user, query and fragment. */
    public static boolean isBaseUrl(URI url) {
        String host = url.getHost();
        boolean plain = url.getUserInfo() == null && url.getQuery() == null && url.getFragment() == null;
        boolean loopback = host != null && LOOPBACK.matcher(host).matches();
        boolean safe = "https".equals(url.getScheme()) || (loopback && "http".equals(url.getScheme()));
        return host != null && plain && safe;
    }

    /** Returns the host of the API, in lower case. */
    public String host() {
        return baseUrl.getHost().toLowerCase(Locale.ROOT);
    }

    /** Whether calls may change keys of real shops: the host is neither Adyen's test host nor this machine. */
    public boolean isLive() {
        return !host().equals(TEST_HOST) && !LOOPBACK.matcher(host()).matches();
    }

    boolean isEncrypted() {
        return "https".equals(baseUrl.getScheme());
    }

    /** Names the properties that set the authentication of a company, and no value. */
    public String describeAuth(String companyId) {
        String own = companyAuth.containsKey(companyId) ? ".companies." + companyId : "";
        return "set by rotation.api" + own + ".*";
    }

    @Override
    public @Nullable ApiAuth authFor(String companyId) {
        return companyAuth.getOrDefault(companyId, auth);
    }
}
