package org.keyrotation.routes.startup;

import java.time.Duration;
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
import org.keyrotation.routes.RotationRoutes;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.intake.IntakeRoutes;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.schedule.ScheduleRoutes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the intake shut until the brokers answer, the topics are there and the ledger is read. It waits in the background, so that a
 * service whose brokers are away starts all the same, tells its health, and can be stopped.
 */
public final class IntakeStarter extends ServiceSupport implements StartupListener {

    private static final Logger LOG = LoggerFactory.getLogger(RotationRoutes.class);
    private static final long PAUSE_MS = 250;

    /** For the ledger to be read, so that the gate opens at once when it is; what keeps it longer is told of meanwhile. */
    private static final long READING_MS = 1_000;

    private final CamelContext context;
    private final Prefix prefix;
    private final RotationSettings settings;
    private final TopicProvisioner topics;
    private final Ledger ledger;
    private final ScheduledExecutorService executor;
    private final WarningThrottle warnings = new WarningThrottle();
    private final AtomicBoolean isTrying = new AtomicBoolean();
    private @Nullable Admin admin;

    public IntakeStarter(CamelContext context, Prefix prefix, RotationSettings settings, Ledger ledger) {
        this.context = context;
        this.prefix = prefix;
        this.settings = settings;
        this.topics = new TopicProvisioner(prefix, settings);
        this.ledger = ledger;
        this.executor = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "rotation-topics");
    }

    /** Told whenever a route is started later, and of nothing more where the context was started before these routes came. */
    @Override
    public void onCamelContextStarted(CamelContext started, boolean alreadyStarted) {
        if (alreadyStarted) {
            tryUntilOpen();
        }
    }

    /** Not before: the context's health is DOWN until then. */
    @Override
    public void onCamelContextFullyStarted(CamelContext started, boolean alreadyStarted) {
        tryUntilOpen();
    }

    private void tryUntilOpen() {
        if (!isTrying.getAndSet(true)) {
            var unused = executor.scheduleWithFixedDelay(this::tryToOpen, 0, PAUSE_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** What keeps the gate shut, or would now; null where nothing does. */
    @Nullable
    String obstacle() {
        return obstacle(false);
    }

    private @Nullable String obstacle(boolean isToBeRemoved) {
        try {
            if (isToBeRemoved) {
                topics.createMissing(admin());
            }
            String obstacle = topics.obstacle(admin());
            if (obstacle == null && isToBeRemoved) {
                awaitReading(ledger.open());
            }
            return obstacle == null ? ledger.notReadyReason() : obstacle;
        } catch (ExecutionException | RuntimeException e) {
            return "Kafka at %s (brokers of the kafka component, camel.component.kafka.brokers) does not serve: %s"
                    .formatted(KafkaClients.brokers(context), KafkaClients.reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "Stopping";
        }
    }

    private static void awaitReading(Future<Void> ledger) throws ExecutionException, InterruptedException {
        try {
            ledger.get(READING_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.trace("The ledger is still being read");
        }
    }

    private void tryToOpen() {
        String obstacle = obstacle(true);
        if (obstacle == null) {
            open();
        } else if (isRunAllowed() && warnings.isDue(obstacle)) {
            LOG.warn("Not ready, will try again: {}", obstacle);
        }
    }

    private void open() {
        try {
            if (settings.intake().enabled()) {
                for (String route : IntakeRoutes.receiving(settings.intake())) {
                    start(route);
                }
                LOG.info("{}", new ReadyMessage(settings));
            }
            if (settings.schedule().enabled()) {
                start(ScheduleRoutes.REQUEST_DUE_EACH_TICK);
            }
            executor.shutdown();
        } catch (Exception e) {
            if (warnings.isDue(e.toString())) {
                LOG.warn("The intake does not start, will try again", e);
            }
        }
    }

    private void start(String routeId) throws Exception {
        context.getRouteController().startRoute(prefix.of(routeId));
    }

    private synchronized Admin admin() {
        if (admin == null) {
            admin = KafkaClients.open(context);
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
