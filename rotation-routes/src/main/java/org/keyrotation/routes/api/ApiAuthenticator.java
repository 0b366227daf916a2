package org.keyrotation.routes.api;

import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.Prefix;

/** Looks up the authentication of a company, and describes its origin in messages. */
final class ApiAuthenticator {

    private final Prefix prefix;
    private final ApiSettings settings;
    private final ApiAuthProvider provider;

    ApiAuthenticator(Prefix prefix, ApiSettings settings, ApiAuthProvider provider) {
        this.prefix = prefix;
        this.settings = settings;
        this.provider = provider;
    }

    /** @throws ApiCallException if the provider has no authentication for the company, or fails */
    ApiAuth authFor(String companyId) {
        ApiAuth auth = askProvider(companyId);
        if (auth == null) {
            throw ApiCallException.missingAuth(companyId, remedy(companyId));
        }
        return auth;
    }

    private @Nullable ApiAuth askProvider(String companyId) {
        try {
            return provider.authFor(companyId);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiCallException.authUnavailable(e);
        } catch (Exception e) {
            throw ApiCallException.authUnavailable(e);
        }
    }

    /** Names the properties, or the company, whose authentication the API rejected. */
    String describe(String companyId) {
        return isFromApplication() ? "of company " + companyId : prefix.rewrite(settings.describeAuth(companyId));
    }

    private String remedy(String companyId) {
        return isFromApplication()
                ? "the application's ApiAuthProvider returned none"
                : prefix.rewrite("set rotation.api.key, or rotation.api.companies.") + companyId
                        + ".key, or a username and password instead";
    }

    /** Whether the application provides the authentication, which may take its time. */
    boolean isFromApplication() {
        return provider != settings;
    }
}
