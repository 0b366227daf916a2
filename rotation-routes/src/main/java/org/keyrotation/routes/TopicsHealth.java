package org.keyrotation.routes;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.keyrotation.routes.prefix.Prefix;

/** DOWN, with the reason, while the brokers do not answer, a topic is not there, or the ledger is not read. */
final class TopicsHealth extends AbstractHealthCheck {

    private final TopicGate gate;

    TopicsHealth(Prefix prefix, TopicGate gate) {
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
