package org.keyrotation.routes.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.function.Supplier;

/**
 * The authentication of a Management API call: an API key, or a user name with a password. Its string form shows neither.
 *
 * @see <a href="https://docs.adyen.com/development-resources/api-authentication">API authentication</a>
 */
public final class ApiAuth {

    private final String header;
    private final Supplier<String> value;

    private ApiAuth(String header, Supplier<String> value) {
        this.header = header;
        this.value = value;
    }

    /** An API key, sent in the header {@code X-API-Key}. */
    public static ApiAuth apiKey(String key) {
        return apiKey(() -> key);
    }

    /** HTTP Basic authentication, sent with the first request already. */
    public static ApiAuth basic(String username, String password) {
        return basic(() -> username, () -> password);
    }

    /** Each call asks for the API key, which may change. */
    static ApiAuth apiKey(Supplier<String> key) {
        return new ApiAuth("X-API-Key", key);
    }

    static ApiAuth basic(Supplier<String> username, Supplier<String> password) {
        return new ApiAuth("Authorization", () -> {
            String pair = username.get() + ":" + password.get();
            return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
        });
    }

    String header() {
        return header;
    }

    String value() {
        return value.get();
    }

    @Override
    public String toString() {
        return header + ": ***";
    }
}
