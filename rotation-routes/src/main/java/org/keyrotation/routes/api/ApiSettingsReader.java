package org.keyrotation.routes.api;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.config.SettingsReader;

/** Reads {@code rotation.api.*} into {@link ApiSettings}. */
final class ApiSettingsReader {

    private static final String PREFIX = "rotation.api";
    private static final Pattern COMPANY = Pattern.compile(
            "rotation\\.api\\.companies\\.([A-Za-z0-9][A-Za-z0-9._@-]{0,99})\\.(?:key|username|password)(?:-file)?");

    private final SettingsReader in;
    private final Collection<String> names;
    private final boolean hasAuthProvider;

    ApiSettingsReader(SettingsReader in, Collection<String> names, boolean hasAuthProvider) {
        this.in = in;
        this.names = names;
        this.hasAuthProvider = hasAuthProvider;
    }

    ApiSettings read() {
        URI baseUrl = in.value(
                PREFIX + ".base-url",
                "https://management-test.adyen.com/v3",
                text -> URI.create(text.replaceAll("/+$", "")),
                "an https URL without user, query or fragment; http only for a loopback host",
                ApiSettings::isBaseUrl);
        int problemsBefore = in.problems().size();
        ApiAuth auth = auth(PREFIX);
        Map<String, ApiAuth> companyAuth = companyAuth();
        boolean hasNone = auth == null && companyAuth.isEmpty() && !hasAuthProvider;
        if (hasNone && in.problems().size() == problemsBefore) {
            in.problem(
                    PREFIX + ".key",
                    "missing",
                    "an API key here or in the file of rotation.api.key-file, or both rotation.api.username and"
                            + " rotation.api.password, or either for each company under"
                            + " rotation.api.companies.<companyId>");
        }
        return new ApiSettings(
                baseUrl,
                auth,
                companyAuth,
                timeout("connect-timeout", "PT5S"),
                timeout("response-timeout", "PT15S"),
                in.integer(PREFIX + ".max-in-flight", 64, 1, 10_000),
                in.integer(PREFIX + ".requests-per-second", 0, 0, 10_000),
                httpClient());
    }

    private ApiHttpClient httpClient() {
        String property = PREFIX + ".http-client";
        ApiHttpClient client = in.value(property, "http", ApiHttpClient::of, "http or vertx-http", known -> true);
        if (!client.isOnClassPath()) {
            in.problem(
                    property,
                    "'" + client.component() + "' is not on the class path",
                    "the dependency org.apache.camel:camel-" + client.component() + ", or http");
        }
        return client;
    }

    private Duration timeout(String name, String byDefault) {
        return in.duration(PREFIX + "." + name, byDefault, Duration.ofMillis(100), Duration.ofMinutes(5));
    }

    private Map<String, ApiAuth> companyAuth() {
        Map<String, ApiAuth> companyAuth = new TreeMap<>();
        for (String companyId : companyIds()) {
            ApiAuth auth = auth(PREFIX + ".companies." + companyId);
            if (auth != null) {
                companyAuth.put(companyId, auth);
            }
        }
        return companyAuth;
    }

    private Set<String> companyIds() {
        return names.stream()
                .map(COMPANY::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private @Nullable ApiAuth auth(String prefix) {
        int problemsBefore = in.problems().size();
        Supplier<String> key =
                secret(prefix + ".key", "printable ASCII characters without spaces", text -> text.matches("[!-~]+"));
        Supplier<String> username = secret(
                prefix + ".username",
                "text without control characters and without a colon, as HTTP Basic requires",
                text -> isPrintable(text) && !text.contains(":"));
        Supplier<String> password =
                secret(prefix + ".password", "text without control characters", ApiSettingsReader::isPrintable);
        boolean basic = username != null || password != null;
        if (in.problems().size() > problemsBefore) {
            return null;
        }
        if (key != null && basic) {
            in.problem(
                    prefix + ".key",
                    "set together with a username or password",
                    "either a key, or a username and a password");
        } else if (basic && (username == null || password == null)) {
            String missing = prefix + (username == null ? ".username" : ".password");
            in.problem(missing, "missing", "both a username and a password, or neither");
        } else if (key != null) {
            return ApiAuth.apiKey(key);
        } else if (username != null && password != null) {
            return ApiAuth.basic(username, password);
        }
        return null;
    }

    /** With the application's own authentication, and in a command that calls no API, the file of a secret may be missing. */
    private @Nullable Supplier<String> secret(String property, String expected, Predicate<String> rule) {
        return in.secret(property, expected, rule, !hasAuthProvider);
    }

    private static boolean isPrintable(String text) {
        return text.matches("[^\\p{C}\\p{Zl}\\p{Zp}]*");
    }
}
