package org.keyrotation.routes.startup;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.kafka.NotReadyReason;

/**
 * Readiness check that is UP exactly while requests are being read and can be acted on. The details of DOWN are the {@code
 * reason}, whether it is {@code retryable}: it may end by itself, and whether it is a {@code wrongConfiguration}: only a start
 * with another one helps. UP may have {@code warnings}.
 */
public final class TopicsHealthCheck extends AbstractHealthCheck {

    private final IntakeStarter starter;

    public TopicsHealthCheck(Prefix prefix, IntakeStarter starter, MeterRegistry meters) {
        super("rotation", prefix.id("topics"));
        this.starter = starter;
        Gauge.builder("rotation.ready", starter, each -> each.readiness().reason() == null ? 1 : 0)
                .description("1 while requests are read and can be acted on, otherwise 0")
                .strongReference(true)
                .register(meters);
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Readiness readiness = starter.readiness();
        if (!readiness.warnings().isEmpty()) {
            builder.detail("warnings", String.join("; ", readiness.warnings()));
        }
        NotReadyReason reason = readiness.reason();
        if (reason == null) {
            builder.up();
        } else {
            builder.message(reason.text())
                    .detail("reason", reason.text())
                    .detail("retryable", reason.retryable())
                    .detail("wrongConfiguration", reason.wrongConfiguration())
                    .down();
        }
    }
}
