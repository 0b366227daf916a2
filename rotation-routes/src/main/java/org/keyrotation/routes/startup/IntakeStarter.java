package org.keyrotation.routes.startup;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.ledger.Ledger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starter of the consuming routes, once the brokers answer, the topics exist and the ledger is read. It waits in the
 * background: a service whose brokers are down starts, reports its health, and can be stopped.
 */
public final class IntakeStarter extends ServiceSupport implements StartupListener {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeStarter.class);
    private static final long CHECK_PERIOD_MS = 250;

    /** A check waits for the ledger, so that the routes start at once when it is read. */
    private static final long LEDGER_WAIT_MS = 1_000;

    private final CamelContext context;
    private final Prefix prefix;
    private final TopicProvisioner topics;
    private final Ledger ledger;
    private final List<String> consumingRoutes;
    private final List<String> scheduleRoutes;
    private final @Nullable ReadyMessage readyMessage;
    private final KafkaClients clients;
    private final ScheduledExecutorService executor;
    private final WarningThrottle warnings = new WarningThrottle();
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private @Nullable Admin admin;

    /**
     * @param consumingRoutes the ids of the routes that read requests, without the prefix
     * @param readyMessage what to log once they are started, or null if requests are not read
     * @param scheduleRoutes the ids of the routes to start after them, without the prefix
     */
    public IntakeStarter(
            CamelContext context,
            Prefix prefix,
            TopicProvisioner topics,
            Ledger ledger,
            List<String> consumingRoutes,
            @Nullable ReadyMessage readyMessage,
            List<String> scheduleRoutes) {
        this.context = context;
        this.prefix = prefix;
        this.topics = topics;
        this.ledger = ledger;
        this.consumingRoutes = List.copyOf(consumingRoutes);
        this.scheduleRoutes = List.copyOf(scheduleRoutes);
        this.readyMessage = readyMessage;
        this.clients = new KafkaClients(context);
        this.executor = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "rotation-topics");
    }

    /** Camel calls only this method if these routes are added to a context that is started already. */
    @Override
    public void onCamelContextStarted(CamelContext started, boolean alreadyStarted) {
        if (alreadyStarted) {
            scheduleChecks();
        }
    }

    /** Not before this: the context's health is DOWN until then. */
    @Override
    public void onCamelContextFullyStarted(CamelContext started, boolean alreadyStarted) {
        scheduleChecks();
    }

    private void scheduleChecks() {
        if (!isScheduled.getAndSet(true)) {
            var unused = executor.scheduleWithFixedDelay(this::startIfReady, 0, CHECK_PERIOD_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** Returns why requests cannot be processed now, or null. */
    @Nullable
    String notReadyReason() {
        return describingErrors(() -> {
            String reason = topics.notReadyReason(admin());
            return reason == null ? ledger.notReadyReason() : reason;
        });
    }

    private @Nullable String prepare() {
        return describingErrors(() -> {
            topics.createMissing(admin());
            String reason = topics.notReadyReason(admin());
            if (reason == null) {
                awaitLedger(ledger.open());
            }
            return reason == null ? ledger.notReadyReason() : reason;
        });
    }

    private @Nullable String describingErrors(Check check) {
        try {
            return check.notReadyReason();
        } catch (ExecutionException | RuntimeException e) {
            return "Kafka at %s (brokers of the kafka component, camel.component.kafka.brokers) does not answer: %s"
                    .formatted(clients.brokers(), KafkaClients.reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "Stopping";
        }
    }

    @FunctionalInterface
    private interface Check {
        @Nullable
        String notReadyReason() throws ExecutionException, InterruptedException;
    }

    private static void awaitLedger(Future<Void> ledger) throws ExecutionException, InterruptedException {
        try {
            ledger.get(LEDGER_WAIT_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.trace("The ledger is still being read");
        }
    }

    private void startIfReady() {
        String reason = prepare();
        if (reason == null) {
            startRoutes();
        } else if (isRunAllowed() && warnings.isDue(reason)) {
            LOG.warn("Not ready, will retry: {}", reason);
        }
    }

    private void startRoutes() {
        try {
            start(consumingRoutes);
            if (readyMessage != null) {
                LOG.info("{}", readyMessage);
            }
            start(scheduleRoutes);
            executor.shutdown();
        } catch (Exception e) {
            if (warnings.isDue(e.toString())) {
                LOG.warn("The intake does not start, will retry", e);
            }
        }
    }

    private void start(List<String> routes) throws Exception {
        for (String route : routes) {
            context.getRouteController().startRoute(prefix.id(route));
        }
    }

    private synchronized Admin admin() {
        if (admin == null) {
            admin = clients.admin();
        }
        return admin;
    }

    @Override
    protected void doStop() {
        context.getExecutorServiceManager().shutdownNow(executor);
        synchronized (this) {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        }
    }
}
