package org.keyrotation.routes.startup;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.keyrotation.routes.camel.Prefix;

/** Readiness check that is DOWN, with the reason, while brokers, topics or the ledger do not allow the intake to run. */
public final class TopicsHealthCheck extends AbstractHealthCheck {

    private final IntakeStarter starter;

    public TopicsHealthCheck(Prefix prefix, IntakeStarter starter) {
        super("rotation", prefix.id("topics"));
        this.starter = starter;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        String reason = starter.notReadyReason();
        if (reason == null) {
            builder.up();
        } else {
            builder.message(reason).detail("reason", reason).down();
        }
    }
}
