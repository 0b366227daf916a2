package org.keyrotation.sandbox;

/**
 * What a simulated API is started with.
 *
 * @param port on loopback; 0 is any free one
 * @param user sees every company that is not hidden from it
 * @param keyPrefix what client keys begin with: {@code test_}, or {@code live_}
 * @param clock the time by which keys begin and cease to work
 */
public record ApiOptions(int port, ApiUser user, String keyPrefix, MutableClock clock) {

    /** A free port, a generated user, test keys, the system's time. */
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
