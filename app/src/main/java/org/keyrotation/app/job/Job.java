package org.keyrotation.app.job;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationRoutes;
import org.keyrotation.routes.RotationSettings;

/**
 * A task that runs after the app has started and then stops it. It prints its table to standard output, and everything else
 * to standard error.
 */
public final class Job extends MainListenerSupport {

    private static final int SUCCESS = 0;
    private static final int FAILED = 1;
    private static final int WRONG_CONFIGURATION = 2;
    private static final int STILL_OPEN = 3;
    private static final long POLL_INTERVAL_MS = 250;

    private final Kind kind;
    private final Duration timeout;
    private final Main main;
    private final PrintStream out;
    private final PrintStream err;
    private volatile int exitStatus = FAILED;

    /** The kind of task. */
    public enum Kind {
        /** Prints which rotations are due. Changes nothing. */
        PLAN(Duration.ofMinutes(1)),
        /** Requests the rotations that are due and waits for their outcomes. */
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
            }
            return properties;
        }
    }

    /** @param timeout the maximum duration; null for the default of the kind */
    public Job(Kind kind, @Nullable Duration timeout, Main main, PrintStream out, PrintStream err) {
        this.kind = kind;
        this.timeout = timeout == null ? kind.defaultTimeout : timeout;
        this.main = main;
        this.out = out;
        this.err = err;
    }

    /** 0 for success, 1 if something failed, 2 for a wrong configuration, 3 if a request is still open at the timeout. */
    public int exitStatus() {
        return exitStatus;
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
                awaitReady(context, deadline);
                exitStatus = kind == Kind.PLAN ? runPlan(template) : runOnce(context, template, settings, deadline);
            } else {
                err.println("Wrong configuration: rotation.schedule.targets: no target, expected at least one target"
                        + " or rotation.schedule.companies for --once and --plan");
                exitStatus = WRONG_CONFIGURATION;
            }
        } catch (TimeoutException e) {
            err.println("Not ready within " + timeout + ": " + e.getMessage() + hint(e));
        } catch (Exception e) {
            err.println("The job failed: " + safeMessage(e));
        } finally {
            main.completed();
        }
    }

    private String hint(TimeoutException e) {
        return kind == Kind.PLAN && String.valueOf(e.getMessage()).startsWith("Missing topics")
                ? " (--plan does not create topics: start the service once with rotation.schedule.paused=true first)"
                : "";
    }

    private static void awaitReady(CamelContext context, Instant deadline) throws Exception {
        HealthCheck check = requireNonNull(HealthCheckRegistry.get(context))
                .getCheck("rotation-topics")
                .orElseThrow();
        HealthCheck.Result result = check.call();
        while (result.getState() != HealthCheck.State.UP) {
            if (Instant.now().isAfter(deadline)) {
                throw new TimeoutException(result.getMessage().orElse("unknown reason"));
            }
            Thread.sleep(POLL_INTERVAL_MS);
            result = check.call();
        }
    }

    private int runPlan(ProducerTemplate template) {
        RotationPlan plan = template.requestBody(RotationRoutes.PLAN_CLIENT_KEY_ROTATIONS, null, RotationPlan.class);
        out.print(Tables.plan(plan));
        return reportProblems(plan) ? FAILED : SUCCESS;
    }

    private int runOnce(CamelContext context, ProducerTemplate template, RotationSettings settings, Instant deadline)
            throws InterruptedException {
        try (FailureReader failures =
                FailureReader.fromLatest(context, settings.publish().failuresTopic())) {
            RotationPlan plan =
                    template.requestBody(RotationRoutes.REQUEST_DUE_CLIENT_KEY_ROTATIONS, null, RotationPlan.class);
            Map<RotationRequest, RequestState> states = awaitOutcomes(template, plan.requests(), deadline);
            failures.readToEnd();
            out.print(Tables.outcomes(plan, states, failures));
            boolean failed = states.containsValue(RequestState.FAILED) || plan.failed();
            return reportProblems(plan) || failed
                    ? FAILED
                    : states.containsValue(RequestState.OPEN) ? STILL_OPEN : SUCCESS;
        }
    }

    private Map<RotationRequest, RequestState> awaitOutcomes(
            ProducerTemplate template, List<RotationRequest> requests, Instant deadline) throws InterruptedException {
        Map<RotationRequest, RequestState> states = new HashMap<>();
        requests.forEach(request -> states.put(request, RequestState.OPEN));
        try (Progress progress = Progress.of(requests.size(), err)) {
            while (states.containsValue(RequestState.OPEN) && Instant.now().isBefore(deadline)) {
                Thread.sleep(POLL_INTERVAL_MS);
                states.replaceAll((request, state) -> state == RequestState.OPEN ? lookUp(template, request) : state);
                progress.update(states.values().stream()
                        .filter(state -> state != RequestState.OPEN)
                        .count());
            }
        }
        return states;
    }

    private static RequestState lookUp(ProducerTemplate template, RotationRequest request) {
        return template.requestBody(RotationRoutes.LOOK_UP_CLIENT_KEY_ROTATION, request, RequestState.class);
    }

    private boolean reportProblems(RotationPlan plan) {
        plan.problems().forEach(problem -> err.println("Incomplete plan: " + problem));
        return !plan.problems().isEmpty();
    }

    /** The message of our own exception below Camel's wrappers. Messages of other exceptions may quote a secret setting. */
    private static String safeMessage(Throwable e) {
        IllegalStateException own = ObjectHelper.getException(IllegalStateException.class, e);
        return own == null ? e.getClass().getName() : String.valueOf(own.getMessage());
    }
}
