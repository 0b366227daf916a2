package org.keyrotation.routes.api;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.keyrotation.routes.camel.Prefix;

/**
 * The readiness check of the API authentication: DOWN from a 401 until the API's next other response. Its detail {@code
 * rejected} is the set of the rejected ones.
 */
final class ApiAuthHealthCheck extends AbstractHealthCheck {

    private final ApiAuthenticator authenticator;
    private final Set<String> rejected = new ConcurrentSkipListSet<>();

    ApiAuthHealthCheck(Prefix prefix, ApiAuthenticator authenticator, MeterRegistry meters) {
        super("rotation", prefix.id("api-authentication"));
        this.authenticator = authenticator;
        Gauge.builder("rotation.api.authentications.rejected", rejected, Set::size)
                .description("API authentications whose last response was a 401")
                .strongReference(true)
                .register(meters);
    }

    void recordResponse(Exchange exchange) {
        String companyId = RequestHeaders.companyId(exchange);
        // Qualified: AbstractHealthCheck inherits another constant HTTP_RESPONSE_CODE.
        if (exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, int.class) == 401) {
            rejected.add(authenticator.describe(companyId));
        } else if (!rejected.isEmpty()) {
            rejected.remove(authenticator.describe(companyId));
        }
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Set<String> current = new TreeSet<>(rejected);
        if (current.isEmpty()) {
            builder.up();
        } else {
            String reason = "The API rejected (401) the authentication " + String.join(", ", current);
            builder.message(reason)
                    .detail("reason", reason)
                    .detail("rejected", current)
                    .down();
        }
    }
}
