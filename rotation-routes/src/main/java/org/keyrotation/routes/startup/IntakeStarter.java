package org.keyrotation.routes.startup;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.StartupListener;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.camel.util.ObjectHelper;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.kafka.NotReadyReason;
import org.keyrotation.routes.kafka.ParallelConsumer;
import org.keyrotation.routes.ledger.Ledger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starter of the consuming routes, once the brokers answer, the topics exist and the ledger is read. It waits in the
 * background: a service whose brokers are down starts, reports its health, and can be stopped. From then on it watches what
 * keeps requests from being processed.
 */
public final class IntakeStarter extends ServiceSupport implements StartupListener {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeStarter.class);
    private static final long START_PERIOD_MS = 250;
    private static final long WATCH_PERIOD_MS = 2_000;

    /** A check waits for the ledger, so that the routes start at once when it is read. */
    private static final long LEDGER_WAIT_MS = 1_000;

    private static final long STOP_TIMEOUT_SECONDS = 10;

    private static final long FIRST_CHECK_TIMEOUT_MS = 2_000;

    private final CamelContext context;
    private final Prefix prefix;
    private final TopicProvisioner topics;
    private final Ledger ledger;
    private final LedgerClaim claim;
    private final List<String> consumingRoutes;
    private final List<String> scheduleRoutes;
    private final @Nullable ReadyMessage readyMessage;
    private final KafkaClients clients;
    private final ScheduledExecutorService executor;
    private final WarningThrottle throttle = new WarningThrottle(System::nanoTime);
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final CompletableFuture<Readiness> firstCheck = new CompletableFuture<>();
    private volatile @Nullable Readiness lastCheck;
    private boolean isAnnounced;
    private boolean isWatching;
    private List<String> loggedWarnings = List.of();
    private List<String> heldRoutes = List.of();
    private @Nullable Admin admin;

    /**
     * @param claim checked before the routes start, and while they run
     * @param consumingRoutes the ids of the routes that read requests, without the prefix
     * @param readyMessage what to log once they are started, or null if requests are not read
     * @param scheduleRoutes the ids of the routes to start after them, without the prefix
     */
    public IntakeStarter(
            CamelContext context,
            Prefix prefix,
            TopicProvisioner topics,
            Ledger ledger,
            LedgerClaim claim,
            List<String> consumingRoutes,
            @Nullable ReadyMessage readyMessage,
            List<String> scheduleRoutes) {
        this.context = context;
        this.prefix = prefix;
        this.topics = topics;
        this.ledger = ledger;
        this.claim = claim;
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
            schedule(0);
        }
    }

    private void schedule(long delay) {
        var unused = executor.schedule(this::run, delay, TimeUnit.MILLISECONDS);
    }

    private void run() {
        try {
            report(nextCheck());
        } finally {
            schedule(isWatching || claim.isOthers() ? WATCH_PERIOD_MS : START_PERIOD_MS);
        }
    }

    /** An error that escapes would leave the last check UP. */
    private Readiness nextCheck() {
        try {
            return isWatching ? watch() : startIfReady();
        } catch (RuntimeException | Error e) {
            return Readiness.notReady(
                    NotReadyReason.retryable("The check of Kafka and the routes failed: " + KafkaClients.reason(e)));
        }
    }

    /** Returns the last check of Kafka, and the present state of the consuming routes. Only the first check is waited for. */
    Readiness readiness() {
        if (!isRunning()) {
            return Readiness.notReady(NotReadyReason.retryable("The Camel context is " + context.getStatus()));
        }
        Readiness last = lastCheck;
        Readiness known = last == null ? firstCheck() : last;
        return known.reason() == null ? known.with(notReadingReason()) : known;
    }

    private Readiness firstCheck() {
        try {
            return firstCheck.get(FIRST_CHECK_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.trace("The brokers have not answered yet");
        }
        return Readiness.notReady(NotReadyReason.retryable(kafka() + " does not answer: no response yet"));
    }

    private Readiness startIfReady() {
        Readiness checked = check(() -> {
            topics.createMissing(admin());
            Readiness readiness = topics.check(admin());
            if (readiness.reason() == null) {
                awaitLedger(ledger.open());
            }
            return readiness;
        });
        return checked.reason() == null ? startRoutes(checked) : checked;
    }

    private Readiness watch() {
        Readiness checked = check(() -> topics.check(admin()));
        if (checked.reason() != null) {
            return checked;
        }
        return heldRoutes.isEmpty() ? checked.with(notReadingReason()) : releaseRoutes(checked);
    }

    /** Stops the routes that run. The host may have stopped or suspended others: those are the host's to start. */
    private void holdRoutes() {
        try {
            for (String route : routesToHold()) {
                context.getRouteController().stopRoute(prefix.id(route), STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
                heldRoutes =
                        Stream.concat(Stream.of(route), heldRoutes.stream()).toList();
            }
        } catch (Exception e) {
            throw new IllegalStateException("The routes cannot be stopped", e);
        }
    }

    /** The schedule first: the others start before it. */
    private List<String> routesToHold() {
        return Stream.concat(scheduleRoutes.stream(), consumingRoutes.stream())
                .filter(this::isStarted)
                .toList();
    }

    private Readiness releaseRoutes(Readiness checked) {
        try {
            startStopped(heldRoutes);
            heldRoutes = List.of();
            return checked.with(notReadingReason());
        } catch (Exception e) {
            return cannotStart(checked, e);
        }
    }

    /** Checks topics, ledger and the claim on it, in this order. */
    private Readiness check(TopicCheck topicCheck) {
        try {
            Readiness readiness = topicCheck.readiness();
            Readiness withLedger = readiness.reason() == null ? readiness.with(ledger.notReadyReason()) : readiness;
            return withLedger.reason() == null ? withLedger.with(claimReason()) : withLedger;
        } catch (ExecutionException | KafkaException e) {
            boolean isRefused = NotReadyReason.isRefused(e);
            return Readiness.notReady(NotReadyReason.of(kafka() + (isRefused ? " refuses" : " does not answer"), e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Readiness.notReady(NotReadyReason.retryable("Stopping"));
        }
    }

    private @Nullable NotReadyReason claimReason() throws ExecutionException, InterruptedException {
        NotReadyReason reason = claim.check(admin());
        if (claim.isOthers()) {
            holdRoutes();
        }
        return reason;
    }

    @FunctionalInterface
    private interface TopicCheck {
        Readiness readiness() throws ExecutionException, InterruptedException;
    }

    private String kafka() {
        return "Kafka at %s (brokers of the kafka component, camel.component.kafka.brokers)"
                .formatted(clients.brokers());
    }

    private static void awaitLedger(Future<Void> ledger) throws ExecutionException, InterruptedException {
        try {
            ledger.get(LEDGER_WAIT_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.trace("The ledger is still being read");
        }
    }

    private @Nullable NotReadyReason notReadingReason() {
        return consumingRoutes.stream()
                .map(route -> ParallelConsumer.notReadingReason(context, prefix.id(route)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private Readiness startRoutes(Readiness checked) {
        try {
            startStopped(consumingRoutes);
            heldRoutes = List.of();
            NotReadyReason reason = notReadingReason();
            if (reason == null) {
                lastCheck = checked;
                announce();
                startStopped(scheduleRoutes);
                isWatching = true;
            }
            return checked.with(reason);
        } catch (Exception e) {
            return cannotStart(checked, e);
        }
    }

    private Readiness cannotStart(Readiness checked, Exception e) {
        boolean isTransient = ObjectHelper.getException(RetriableException.class, e) != null;
        return checked.with(new NotReadyReason(
                "The routes cannot be started with " + kafka() + ": " + KafkaClients.reason(e), isTransient));
    }

    private void startStopped(List<String> routes) throws Exception {
        for (String route : routes) {
            if (!isStarted(route)) {
                context.getRouteController().startRoute(prefix.id(route));
            }
        }
    }

    private boolean isStarted(String route) {
        ServiceStatus status = context.getRouteController().getRouteStatus(prefix.id(route));
        return status != null && status.isStarted();
    }

    private void announce() {
        if (!isAnnounced) {
            if (readyMessage != null) {
                LOG.info("{}", readyMessage);
            }
            ledger.checkEntries();
        }
        isAnnounced = true;
    }

    private void report(Readiness checked) {
        if (isRunning()) {
            logWarnings(checked.warnings());
            logReason(checked.reason());
        }
        lastCheck = checked;
        firstCheck.complete(checked);
    }

    private void logWarnings(List<String> warnings) {
        warnings.stream()
                .filter(warning -> !loggedWarnings.contains(warning))
                .forEach(warning -> LOG.warn("{}", warning));
        loggedWarnings = warnings;
    }

    private void logReason(@Nullable NotReadyReason reason) {
        if (reason == null) {
            Duration lasted = throttle.end();
            if (lasted != null) {
                LOG.info("Ready after {}", lasted.truncatedTo(ChronoUnit.SECONDS));
            }
        } else if (throttle.isDue(reason.text())) {
            LOG.warn(isAnnounced ? "Not ready: {}" : "Not ready, will retry: {}", reason.text());
        }
    }

    private boolean isRunning() {
        return isRunAllowed() && context.isRunAllowed();
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
