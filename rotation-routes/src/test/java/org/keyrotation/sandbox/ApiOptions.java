package org.keyrotation.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * The settings of a simulated API.
 *
 * @param port on loopback; 0 picks a free one
 * @param user may access every company that is not hidden from it
 * @param keyPrefix of client keys: {@code test_} or {@code live_}
 * @param clock decides when keys start and stop working
 * @param tls the stores of an https server that requires a client certificate, or null for http
 */
public record ApiOptions(int port, ApiUser user, String keyPrefix, MutableClock clock, @Nullable TlsStores tls) {

    /** A free port, a generated user, test keys and the system's time. */
    public static ApiOptions defaults() {
        return new ApiOptions(0, ApiUser.generate("Sandbox"), "test_", MutableClock.ticking(), null);
    }

    public ApiOptions withPort(int newPort) {
        return new ApiOptions(newPort, user, keyPrefix, clock, tls);
    }

    public ApiOptions withApiKey(String apiKey) {
        return withUser(new ApiUser(user.id(), user.username(), user.password(), apiKey));
    }

    public ApiOptions withLogin(String username, String password) {
        return withUser(new ApiUser(user.id(), username, password, user.apiKey()));
    }

    public ApiOptions withKeyPrefix(String newKeyPrefix) {
        return new ApiOptions(port, user, newKeyPrefix, clock, tls);
    }

    public ApiOptions withClock(MutableClock newClock) {
        return new ApiOptions(port, user, keyPrefix, newClock, tls);
    }

    public ApiOptions withTls(TlsStores stores) {
        return new ApiOptions(port, user, keyPrefix, clock, stores);
    }

    private ApiOptions withUser(ApiUser newUser) {
        return new ApiOptions(port, newUser, keyPrefix, clock, tls);
    }
}
