package org.keyrotation.app.command;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ApiCredential;
import org.keyrotation.routes.api.ApiSettings;
import org.keyrotation.routes.api.OwnCredential;

/** The checks of each API authentication, by {@code GET /me}, and of the clock. */
final class ApiChecks {

    /** Adyen's documentation writes it with a dash, and the API with a hyphen between blanks. */
    private static final String ROLE = "Management API - API credentials read and write";

    /** No company has this id: the API is called with the default authentication. */
    private static final String NO_COMPANY = "";

    /** As for the clock that is set back: such a difference does no harm. */
    private static final Duration MAX_CLOCK_SKEW = Duration.ofSeconds(20);

    private static final String CLOCK = "clock";

    private final CommandContext context;
    private final ApiSettings api;
    private final Checks checks;
    private boolean isUnreachable;
    private @Nullable Duration clockSkew;

    ApiChecks(CommandContext context, Checks checks) {
        this.context = context;
        this.api = context.settings().api();
        this.checks = checks;
    }

    void run() {
        if (api.auth() != null) {
            checkAuth(NO_COMPANY);
        }
        new TreeSet<>(api.companyAuth().keySet()).forEach(this::checkAuth);
        checkClock();
    }

    private void checkAuth(String companyId) {
        String name = "authentication " + api.describeAuth(companyId).replace("set by ", "");
        if (isUnreachable) {
            checks.skipped(name, "the API does not answer");
            return;
        }
        OwnCredential own = context.credentials().readOwn(companyId);
        Instant now = Instant.now();
        isUnreachable = !own.answered();
        if (own.time() != null) {
            clockSkew = Duration.between(own.time(), now);
        }
        if (own.credential() == null) {
            checks.failed(name, api.baseUrl() + ": " + own.problem());
        } else {
            checkCredential(name, own.credential());
        }
    }

    private void checkCredential(String name, ApiCredential own) {
        if (!own.active()) {
            checks.failed(name, "the API credential %s is inactive, expected an active one".formatted(own.username()));
        } else if (own.roles().stream().map(ApiChecks::normalized).noneMatch(normalized(ROLE)::equals)) {
            checks.failed(
                    name,
                    "the API credential %s does not have the role '%s', expected it".formatted(own.username(), ROLE));
        } else {
            checks.ok(name, own.username() + ", with the role that the service needs");
        }
    }

    private static String normalized(String role) {
        return role.replaceAll("\\s*[-\u2010-\u2015]\\s*", "-").toLowerCase(Locale.ROOT);
    }

    private void checkClock() {
        if (clockSkew == null) {
            checks.skipped(CLOCK, "no response of the API has a Date");
            return;
        }
        Duration difference = clockSkew.truncatedTo(ChronoUnit.SECONDS);
        String detail = "%d s %s the API's"
                .formatted(difference.abs().toSeconds(), difference.isNegative() ? "behind" : "ahead of");
        if (difference.abs().compareTo(MAX_CLOCK_SKEW) <= 0) {
            checks.ok(CLOCK, detail);
        } else {
            checks.failed(
                    CLOCK,
                    detail
                            + ", expected at most %d s: set the clock of this host"
                                    .formatted(MAX_CLOCK_SKEW.toSeconds()));
        }
    }
}
