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

/** Who may call, and what each may do. */
final class Users {

    static final String ROLE = "Management API—API credentials read and write";

    private final Map<ApiUser, Access> users = new LinkedHashMap<>();
    private final Set<String> hiddenCompanies = new HashSet<>();

    Users(ApiUser owner) {
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

    /** @throws Refusal 401; also where both schemes are used and name different users, as that is the client's bug */
    synchronized ApiUser authenticate(ReceivedRequest request) {
        Optional<String> key = request.header("X-API-Key");
        Optional<String> login = request.header("Authorization");
        return users.keySet().stream()
                .filter(user -> key.isPresent() || login.isPresent())
                .filter(matching(key, ApiUser::apiKey))
                .filter(matching(login, Users::basic))
                .findFirst()
                .orElseThrow(() -> new Refusal(Problems.of(401, "HTTP authentication failed")));
    }

    /** @throws Refusal 403 */
    synchronized void authorize(ApiUser user, String companyId) {
        Access access = access(user);
        boolean sees = access.onlyCompany() == null
                ? !hiddenCompanies.contains(companyId)
                : access.onlyCompany().equals(companyId);
        if (!sees || !access.roles().contains(ROLE)) {
            throw new Refusal(Problems.of(403, "Insufficient permissions to process the request"));
        }
    }

    private Access access(ApiUser user) {
        Access access = users.get(user);
        if (access == null) {
            throw new IllegalArgumentException("no such user: " + user);
        }
        return access;
    }

    private static Predicate<ApiUser> matching(Optional<String> given, Function<ApiUser, String> expected) {
        return user -> given.isEmpty() || given.get().equals(expected.apply(user));
    }

    private static String basic(ApiUser user) {
        String login = user.username() + ":" + user.password();
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8));
    }

    private record Access(@Nullable String onlyCompany, Set<String> roles) {}
}
