package org.keyrotation.app.service;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.jspecify.annotations.Nullable;

/** Watch that ends the service if only another configuration helps: its ledger is of another API. */
public final class ConfigurationWatch extends MainListenerSupport {

    private static final long PERIOD_MS = 500;

    private final Main main;
    private volatile @Nullable String problem;

    public ConfigurationWatch(Main main) {
        this.main = main;
    }

    /** The problem that ended the service, or null. */
    public @Nullable String problem() {
        return problem;
    }

    /** The ledger is read in the background, after the start. */
    @Override
    public void afterStart(BaseMainSupport started) {
        CamelContext context = started.getCamelContext();
        HealthCheck check = requireNonNull(HealthCheckRegistry.get(context))
                .getCheck("rotation-topics")
                .orElseThrow();
        ScheduledExecutorService executor =
                context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "rotation-configuration");
        var unused = executor.scheduleWithFixedDelay(() -> check(check), 0, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    private void check(HealthCheck check) {
        HealthCheck.Result result = check.call();
        if (Boolean.TRUE.equals(result.getDetails().get("wrongConfiguration"))) {
            problem = result.getMessage().orElse("unknown problem");
            main.completed();
        }
    }
}
