package org.keyrotation.routes.api;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.Prefix;

/** Which sign-in a company has, and whether the API last took it: DOWN from a 401 until the next other answer. */
final class ApiAuthenticator extends AbstractHealthCheck {

    /** Exchange property: the company that is called. */
    static final String COMPANY = "rotation.api.company";

    private final Prefix prefix;
    private final ApiSettings settings;
    private final ApiAuthProvider source;
    private final Set<String> refused = new ConcurrentSkipListSet<>();

    ApiAuthenticator(Prefix prefix, ApiSettings settings, ApiAuthProvider source) {
        super("rotation", prefix.id("api-authentication"));
        this.prefix = prefix;
        this.settings = settings;
        this.source = source;
    }

    ApiAuth of(String companyId) {
        ApiAuth auth = ask(companyId);
        if (auth == null) {
            throw new MissingApiAuthException(companyId, remedy(companyId));
        }
        return auth;
    }

    private @Nullable ApiAuth ask(String companyId) {
        try {
            return source.authFor(companyId);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiAuthUnavailableException(e);
        } catch (Exception e) {
            throw new ApiAuthUnavailableException(e);
        }
    }

    void note(Exchange exchange) {
        String company = exchange.getProperty(COMPANY, String.class);
        // Exchange's constant: the health check has inherited another one of this name.
        if (exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, int.class) == 401) {
            refused.add(describe(company));
        } else if (!refused.isEmpty()) {
            refused.remove(describe(company));
        }
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Set<String> now = new TreeSet<>(refused);
        if (now.isEmpty()) {
            builder.up();
        } else {
            String reason = "The API refused (401) the sign-in " + String.join(", ", now);
            builder.message(reason).detail("reason", reason).down();
        }
    }

    private String describe(String companyId) {
        if (source != settings) {
            return "of company " + companyId;
        }
        boolean own = settings.companyAuth().containsKey(companyId);
        return prefix.rewrite("set by " + (own ? "rotation.api.companies." + companyId : "rotation.api") + ".*");
    }

    private String remedy(String companyId) {
        return source == settings
                ? prefix.rewrite("set rotation.api.key, or rotation.api.companies.") + companyId
                        + ".key, or a username and password instead"
                : "the application's source of sign-ins has none";
    }
}
