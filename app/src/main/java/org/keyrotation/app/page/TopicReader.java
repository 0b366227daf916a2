package org.keyrotation.app.page;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.status.CredentialStatuses;
import org.keyrotation.app.status.Timeline;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.adoption.KeyAdoption;
import org.keyrotation.routes.camel.RefreshedValue;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerControl;
import org.keyrotation.routes.ledger.LedgerControl.Pause;

/**
 * The reader of the topics. It keeps the results, so that many visitors cost the service no more than one. It uses the ledger and
 * the acknowledgements that the service has in memory.
 */
final class TopicReader {

    private static final Duration MAX_AGE = Duration.ofSeconds(2);

    /** A view then shows what was read last. */
    private static final Duration MAX_WAIT = Duration.ofMillis(500);

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TIMELINE_TIMEOUT = Duration.ofSeconds(3);
    private static final int MAX_TIMELINES = 50;

    /** The events of a timeline that are kept, the newest ones. */
    static final int MAX_EVENTS = 200;

    private final CamelContext context;
    private final RotationSettings settings;
    private final ExecutorService timelineExecutor;
    private final RefreshedValue<FleetSnapshot> fleet;

    /** The timelines of the credentials that were looked at last. */
    private final Map<CredentialId, RefreshedValue<Timeline>> timelines = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CredentialId, RefreshedValue<Timeline>> eldest) {
            return size() > MAX_TIMELINES;
        }
    };

    TopicReader(CamelContext context, RotationSettings settings) {
        this.context = context;
        this.settings = settings;
        this.fleet = new RefreshedValue<>(this::readFleet, MAX_AGE, executor("page-fleet"));
        this.timelineExecutor = executor("page-timelines");
    }

    /** One thread and a short queue: many views must not keep the service from its work. */
    private ExecutorService executor(String name) {
        return context.getExecutorServiceManager()
                .newThreadPool(
                        this,
                        name,
                        new ThreadPoolProfileBuilder(name)
                                .poolSize(1)
                                .maxPoolSize(1)
                                .maxQueueSize(MAX_TIMELINES)
                                .rejectedPolicy(ThreadPoolRejectedPolicy.Abort)
                                .build());
    }

    private FleetSnapshot readFleet() throws Exception {
        KeyAdoption adoption = context.hasService(KeyAdoption.class);
        CredentialStatuses statuses = CredentialStatuses.read(context, settings, this::ledger, ledger -> adoption);
        return FleetSnapshot.of(statuses, notices(statuses));
    }

    private List<Frame.Notice> notices(CredentialStatuses statuses) {
        List<Frame.Notice> notices = new ArrayList<>();
        HealthCheckHelper.invokeReadiness(context, "full").stream()
                .filter(result -> result.getState() == HealthCheck.State.DOWN)
                .map(result -> "The service is not ready: "
                        + result.getMessage().orElse(result.getCheck().getId()))
                .forEach(text -> notices.add(new Frame.Notice(text, true)));
        statuses.problems().forEach(problem -> notices.add(new Frame.Notice("The schedule: " + problem, true)));
        if (settings.schedule().enabled() && settings.schedule().paused()) {
            notices.add(new Frame.Notice(
                    "The schedule of this instance started paused, by rotation.schedule.paused.", false));
        }
        Pause pause = pause(statuses.now());
        if (pause != null) {
            notices.add(new Frame.Notice(text(pause), false));
        }
        return notices;
    }

    private static String text(Pause pause) {
        return "The schedule is paused%s%s%s: nothing is rotated by itself. key-rotation resume ends the pause."
                .formatted(
                        pause.by() == null ? "" : " by " + pause.by(),
                        pause.at() == null ? "" : " since " + Moment.absolute(pause.at()),
                        pause.until() == null ? "" : " until " + Moment.absolute(pause.until()));
    }

    private @Nullable Pause pause(Instant now) {
        LedgerControl control = requireNonNull(context.hasService(Ledger.class)).control();
        return control == null ? null : control.activePause(now);
    }

    private Ledger ledger() throws InterruptedException, ExecutionException {
        Ledger ledger = requireNonNull(context.hasService(Ledger.class));
        ledger.awaitReadToEnd();
        return ledger;
    }

    /**
     * Returns the fleet, as it was a few seconds ago.
     *
     * @throws PageProblemException if it could not be read since the start
     */
    FleetSnapshot fleet() throws InterruptedException {
        try {
            return fleet.get(MAX_WAIT).get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw PageProblemException.unavailable(reason(e));
        } catch (TimeoutException e) {
            throw PageProblemException.unavailable("The topics are being read.");
        }
    }

    /** Returns why the fleet could not be read again, or null. */
    @Nullable
    String fleetProblem() {
        Throwable failure = fleet.failure();
        return failure == null ? null : reason(failure);
    }

    private String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof IllegalStateException
                ? String.valueOf(cause.getMessage())
                : new KafkaClients(context).noAnswer(cause);
    }

    /** Returns the timeline of the credential; null while it is being read, or if it cannot be read. */
    @Nullable
    Timeline timeline(CredentialId credential) throws InterruptedException {
        try {
            return timelineOf(credential).get(TIMELINE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            return null;
        }
    }

    private CompletableFuture<Timeline> timelineOf(CredentialId credential) {
        synchronized (timelines) {
            return timelines
                    .computeIfAbsent(
                            credential,
                            id -> new RefreshedValue<>(() -> readTimeline(credential), MAX_AGE, timelineExecutor))
                    .get(MAX_WAIT);
        }
    }

    private Timeline readTimeline(CredentialId credential) throws InterruptedException, ExecutionException {
        List<Timeline.Event> events = Timeline.read(
                        new KafkaClients(context), settings, credential, ledger().entry(credential))
                .events();
        return new Timeline(events.subList(Math.max(0, events.size() - MAX_EVENTS), events.size()));
    }
}
