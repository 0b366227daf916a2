package org.keyrotation.routes.startup;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.keyrotation.routes.camel.Prefix;

/** DOWN, with the reason, while the brokers do not answer, a topic is not there, or the ledger is not read. */
public final class TopicsHealthCheck extends AbstractHealthCheck {

    private final IntakeStarter gate;

    public TopicsHealthCheck(Prefix prefix, IntakeStarter gate) {
        super("rotation", prefix.of("topics"));
        this.gate = gate;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        String obstacle = gate.obstacle();
        if (obstacle == null) {
            builder.up();
        } else {
            builder.message(obstacle).detail("reason", obstacle).down();
        }
    }
}
