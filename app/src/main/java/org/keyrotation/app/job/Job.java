package org.keyrotation.app.job;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Consumer;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.follow.FollowedRequest;
import org.keyrotation.app.follow.FollowedRequests;
import org.keyrotation.app.terminal.Progress;
import org.keyrotation.model.PlannedRotation;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.routes.RotationRoutes;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.api.ApiSettings;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.intake.IntakeRoutes;
import org.keyrotation.routes.ledger.OtherApiException;

/**
 * A task that runs after the app has started and then stops it. It prints progress and problems to standard error; its table
 * is there once the app has stopped.
 */
public final class Job extends MainListenerSupport {

    private static final int SUCCESS = 0;
    private static final int FAILED = 1;
    private static final int WRONG_CONFIGURATION = 2;
    private static final int STILL_OPEN = 3;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(30);
    private static final String INTAKE = Prefix.ROTATION.id(IntakeRoutes.RECEIVE_REQUESTS);

    private final Kind kind;
    private final Duration timeout;
    private final Main main;
    private final PrintStream err;
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private volatile int exitStatus = FAILED;
    private volatile @Nullable RotationPlan plan;
    private volatile List<FollowedRequest> requests = List.of();
    private volatile String table = "";
    private @Nullable Drain drain;

    /** The kind of task. */
    public enum Kind {
        /** Prints which rotations are due. Changes nothing, and needs no topic. */
        PLAN(Duration.ofMinutes(1)),
        /** Requests the rotations that are due, and waits for their outcomes and those of all open requests. */
        ONCE(Duration.ofHours(1));

        private final Duration defaultTimeout;

        Kind(Duration defaultTimeout) {
            this.defaultTimeout = defaultTimeout;
        }

        /**
         * Properties that override the configuration. A job runs without timer and management port; a plan also without
         * intake and without creating topics.
         */
        public Map<String, String> properties() {
            Map<String, String> properties =
                    new HashMap<>(Map.of("camel.management.enabled", "false", "rotation.schedule.enabled", "false"));
            if (this == PLAN) {
                properties.put("rotation.intake.enabled", "false");
                properties.put("rotation.topics.create", "false");
                properties.put("rotation.log.level.startup", "OFF"); // it would warn of missing topics
            }
            return properties;
        }
    }

    /** Only another configuration helps. */
    private static final class WrongConfigurationException extends Exception {

        private static final long serialVersionUID = 1;

        WrongConfigurationException(String problem) {
            super(problem);
        }
    }

    /** @param timeout the maximum duration; null for the default of the kind */
    public Job(Kind kind, @Nullable Duration timeout, Main main, PrintStream err) {
        this.kind = kind;
        this.timeout = timeout == null ? kind.defaultTimeout : timeout;
        this.main = main;
        this.err = err;
    }

    /** 0 for success, 1 if something failed, 2 for a wrong configuration, 3 if a request is still open at the timeout. */
    public int exitStatus() {
        return exitStatus;
    }

    /** The plan, or null if the job failed before it had one. */
    public @Nullable RotationPlan plan() {
        return plan;
    }

    /** The requests that the job followed, empty if it failed before, or is a plan. */
    public List<FollowedRequest> requests() {
        return requests;
    }

    /** The table for people, empty if the job failed before it had one. */
    public String table() {
        return table;
    }

    /** The problems that the job reported to standard error. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    private void report(String problem) {
        problems.add(problem);
        err.println(problem);
    }

    /** The requests that are open must be known before the intake takes the first of them. */
    @Override
    public void beforeStart(BaseMainSupport starting) {
        CamelContext context = starting.getCamelContext();
        if (kind == Kind.ONCE) {
            context.addLifecycleStrategy(new LifecycleStrategySupport() {
                @Override
                public void onServiceAdd(CamelContext camelContext, Service service, @Nullable Route route) {
                    if (service instanceof Consumer && route != null && INTAKE.equals(route.getId())) {
                        beginDrain(context);
                    }
                }
            });
        }
    }

    @Override
    public void afterStart(BaseMainSupport started) {
        Thread thread = new Thread(() -> run(started.getCamelContext()), "rotation-job");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(CamelContext context) {
        try (ProducerTemplate template = context.createProducerTemplate()) {
            Instant deadline = Instant.now().plus(timeout);
            RotationSettings settings = RotationSettings.from(context);
            if (settings.schedule().hasTargets()) {
                exitStatus = kind == Kind.PLAN
                        ? runPlan(template, deadline)
                        : runOnce(context, template, settings, deadline);
            } else {
                report("Wrong configuration: rotation.schedule.targets: no target, expected at least one target"
                        + " or rotation.schedule.companies for run and plan");
                exitStatus = WRONG_CONFIGURATION;
            }
        } catch (WrongConfigurationException e) {
            report("Wrong configuration: " + e.getMessage());
            exitStatus = WRONG_CONFIGURATION;
        } catch (TimeoutException e) {
            report("Not ready within " + timeout + ": " + e.getMessage());
        } catch (Exception e) {
            report("The job failed: " + safeMessage(e));
        } finally {
            main.completed();
        }
    }

    private static void awaitReady(CamelContext context, Instant deadline) throws Exception {
        HealthCheck.Result result = health(context, "rotation-topics");
        while (result.getState() != HealthCheck.State.UP) {
            String reason = result.getMessage().orElse("unknown reason");
            if (Boolean.TRUE.equals(result.getDetails().get("wrongConfiguration"))) {
                throw new WrongConfigurationException(reason);
            }
            if (Boolean.FALSE.equals(result.getDetails().get("retryable"))) {
                throw new IllegalStateException(reason); // waiting does not mend it
            }
            if (Instant.now().isAfter(deadline)) {
                throw new TimeoutException(reason);
            }
            Thread.sleep(POLL_INTERVAL.toMillis());
            result = health(context, "rotation-topics");
        }
    }

    private static HealthCheck.Result health(CamelContext context, String id) {
        return requireNonNull(HealthCheckRegistry.get(context))
                .getCheck(id)
                .orElseThrow()
                .call();
    }

    private int runPlan(ProducerTemplate template, Instant deadline) throws Exception {
        RotationPlan plan = awaitPlan(template, deadline);
        complete(plan, Tables.plan(plan));
        boolean missing = plan.rotations().stream().anyMatch(PlannedRotation::isMissing);
        return reportProblems(plan) || missing ? FAILED : SUCCESS;
    }

    private void complete(RotationPlan result, String text) {
        plan = result;
        table = text;
    }

    /** A plan needs no topic, and so does not wait for readiness. */
    private static RotationPlan awaitPlan(ProducerTemplate template, Instant deadline) throws Exception {
        while (true) {
            try {
                return template.requestBody(RotationRoutes.PLAN_CLIENT_KEY_ROTATIONS, null, RotationPlan.class);
            } catch (CamelExecutionException e) {
                OtherApiException otherApi = ObjectHelper.getException(OtherApiException.class, e);
                if (otherApi != null) {
                    throw new WrongConfigurationException(String.valueOf(otherApi.getMessage()));
                }
                IllegalStateException notReady = ObjectHelper.getException(IllegalStateException.class, e);
                if (notReady == null || Instant.now().isAfter(deadline)) {
                    throw notReady == null ? e : new TimeoutException(notReady.getMessage());
                }
            }
            Thread.sleep(POLL_INTERVAL.toMillis());
        }
    }

    private int runOnce(CamelContext context, ProducerTemplate template, RotationSettings settings, Instant deadline)
            throws Exception {
        awaitReady(context, deadline);
        try (Drain requests = beginDrain(context)) {
            RotationPlan plan =
                    template.requestBody(RotationRoutes.REQUEST_DUE_CLIENT_KEY_ROTATIONS, null, RotationPlan.class);
            requests.follow(plan.requests());
            String rejection = awaitOutcomes(context, template, settings.api(), requests.followed(), deadline);
            complete(requests, rejection);
            this.requests = List.copyOf(requests.followed().all());
            complete(plan, Tables.outcomes(plan, requests.followed().all()));
            return exitStatus(plan, requests.followed(), rejection);
        }
    }

    /** Idempotent: the intake and the job both begin it, whichever comes first. */
    private synchronized Drain beginDrain(CamelContext context) {
        try {
            if (drain == null) {
                drain = Drain.begin(context, RotationSettings.from(context));
            }
            return drain;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Stopping", e);
        }
    }

    /** Returns why the job ends early: the API rejects the authentication of every company that has an open request. */
    private @Nullable String awaitOutcomes(
            CamelContext context,
            ProducerTemplate template,
            ApiSettings api,
            FollowedRequests requests,
            Instant deadline)
            throws InterruptedException {
        String rejection = null;
        Duration pause = POLL_INTERVAL; // longer for many requests: the intake needs the CPU more
        try (Progress progress = Progress.of(requests.all().size(), err)) {
            while (!requests.open().isEmpty()
                    && rejection == null
                    && Instant.now().isBefore(deadline)) {
                Thread.sleep(pause.toMillis());
                Instant start = Instant.now();
                requests.update(request ->
                        template.requestBody(RotationRoutes.LOOK_UP_CLIENT_KEY_ROTATION, request, RequestState.class));
                pause = POLL_INTERVAL.plus(
                        Duration.between(start, Instant.now()).multipliedBy(4));
                progress.update(requests.all().size() - requests.open().size());
                rejection = rejection(health(context, "rotation-api-authentication"), api, requests.open());
            }
        }
        return rejection;
    }

    private static @Nullable String rejection(HealthCheck.Result health, ApiSettings api, List<FollowedRequest> open) {
        Object rejected = health.getDetails().getOrDefault("rejected", Set.of());
        boolean isHopeless = !open.isEmpty()
                && open.stream()
                        .map(FollowedRequest::request)
                        .allMatch(request -> request != null
                                && ((Collection<?>) rejected).contains(api.describeAuth(request.companyId())));
        return isHopeless ? health.getMessage().orElse("The API answered 401") : null;
    }

    /** The outcomes are known by now, so that a failure to read leaves the table as it is. */
    private void complete(Drain requests, @Nullable String rejection) throws InterruptedException {
        try {
            if (requests.followed().open().isEmpty()) {
                awaitCommits(requests);
            } else {
                requests.explainOpen(rejection == null ? "queued or in flight" : rejection);
            }
        } catch (IllegalStateException e) {
            report(String.valueOf(e.getMessage()));
        }
    }

    private static void awaitCommits(Drain requests) throws InterruptedException {
        Instant deadline = Instant.now().plus(COMMIT_TIMEOUT);
        while (!requests.isCommitted() && Instant.now().isBefore(deadline)) {
            Thread.sleep(POLL_INTERVAL.toMillis());
        }
    }

    private int exitStatus(RotationPlan plan, FollowedRequests requests, @Nullable String rejection) {
        if (rejection != null) {
            report(rejection + ": " + requests.open().size()
                    + " requests stay open, expected an API key that the API accepts");
        }
        boolean failed = requests.all().stream().anyMatch(request -> request.state() == RequestState.FAILED)
                || !plan.needingAttention().isEmpty()
                || rejection != null;
        return reportProblems(plan) || failed ? FAILED : requests.open().isEmpty() ? SUCCESS : STILL_OPEN;
    }

    private boolean reportProblems(RotationPlan plan) {
        plan.problems().forEach(problem -> report("Incomplete plan: " + problem));
        return !plan.problems().isEmpty();
    }

    /** The message of our own exception below Camel's wrappers. Messages of other exceptions may quote a secret setting. */
    private static String safeMessage(Throwable e) {
        IllegalStateException own = ObjectHelper.getException(IllegalStateException.class, e);
        return own == null ? e.getClass().getName() : String.valueOf(own.getMessage());
    }
}
