package org.keyrotation.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The users of the simulated API, their roles, and the companies that each may access. */
final class AccessControl {

    static final String ROLE = "Management API—API credentials read and write";

    private final Map<ApiUser, Access> users = new LinkedHashMap<>();
    private final Set<String> hiddenCompanies = new HashSet<>();

    AccessControl(ApiUser owner) {
        users.put(owner, new Access(null, Set.of(ROLE)));
    }

    synchronized ApiUser add(String companyId) {
        ApiUser user = ApiUser.generate(companyId);
        users.put(user, new Access(companyId, Set.of(ROLE)));
        return user;
    }

    synchronized void setRoles(ApiUser user, Set<String> roles) {
        users.computeIfPresent(user, (same, access) -> new Access(access.onlyCompany(), roles));
    }

    synchronized void hide(String companyId) {
        hiddenCompanies.add(companyId);
    }

    synchronized Set<String> roles(ApiUser user) {
        return access(user).roles();
    }

    /**
     * Finds the user by the credentials of the request. Two schemes that name different users are a bug of the client.
     *
     * @throws ErrorResponseException 401
     */
    synchronized ApiUser authenticate(ReceivedRequest request) {
        Optional<String> key = request.header("X-API-Key");
        Optional<String> login = request.header("Authorization");
        return users.keySet().stream()
                .filter(user -> key.isPresent() || login.isPresent())
                .filter(matching(key, ApiUser::apiKey))
                .filter(matching(login, AccessControl::basic))
                .findFirst()
                .orElseThrow(() -> new ErrorResponseException(Problems.of(401, "HTTP authentication failed")));
    }

    /** @throws ErrorResponseException 403 */
    synchronized void authorize(ApiUser user, String companyId) {
        Access access = access(user);
        boolean hasAccess = access.onlyCompany() == null
                ? !hiddenCompanies.contains(companyId)
                : access.onlyCompany().equals(companyId);
        if (!hasAccess || !access.roles().contains(ROLE)) {
            throw new ErrorResponseException(Problems.of(403, "Insufficient permissions to process the request"));
        }
    }

    private Access access(ApiUser user) {
        Access access = users.get(user);
        if (access == null) {
            throw new IllegalArgumentException("no such user: " + user);
        }
        return access;
    }

    private static Predicate<ApiUser> matching(Optional<String> actual, Function<ApiUser, String> expected) {
        return user -> actual.isEmpty() || actual.get().equals(expected.apply(user));
    }

    private static String basic(ApiUser user) {
        String login = user.username() + ":" + user.password();
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8));
    }

    private record Access(@Nullable String onlyCompany, Set<String> roles) {}
}
