package org.keyrotation.sandbox;

/**
 * The settings of a simulated API.
 *
 * @param port on loopback; 0 picks a free one
 * @param user may access every company that is not hidden from it
 * @param keyPrefix of client keys: {@code test_} or {@code live_}
 * @param clock decides when keys start and stop working
 */
public record ApiOptions(int port, ApiUser user, String keyPrefix, MutableClock clock) {

    /** A free port, a generated user, test keys and the system's time. */
    public static ApiOptions defaults() {
        return new ApiOptions(0, ApiUser.generate("Sandbox"), "test_", MutableClock.ticking());
    }

    public ApiOptions withPort(int newPort) {
        return new ApiOptions(newPort, user, keyPrefix, clock);
    }

    public ApiOptions withApiKey(String apiKey) {
        return withUser(new ApiUser(user.id(), user.username(), user.password(), apiKey));
    }

    public ApiOptions withLogin(String username, String password) {
        return withUser(new ApiUser(user.id(), username, password, user.apiKey()));
    }

    public ApiOptions withKeyPrefix(String newKeyPrefix) {
        return new ApiOptions(port, user, newKeyPrefix, clock);
    }

    public ApiOptions withClock(MutableClock newClock) {
        return new ApiOptions(port, user, keyPrefix, newClock);
    }

    private ApiOptions withUser(ApiUser newUser) {
        return new ApiOptions(port, newUser, keyPrefix, clock);
    }
}
