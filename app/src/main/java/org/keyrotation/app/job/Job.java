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

/** Does one thing once the app has started, and ends it. The table is on standard output, all else on standard error. */
public final class Job extends MainListenerSupport {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_CONFIGURATION = 2;
    private static final int STILL_OPEN = 3;
    private static final long PAUSE_MS = 250;

    private final Kind kind;
    private final Duration timeout;
    private final Main main;
    private final PrintStream out;
    private final PrintStream err;
    private volatile int exitStatus = FAILED;

    /** What it does. */
    public enum Kind {
        /** Shows what is due, and changes nothing. */
        PLAN(Duration.ofMinutes(1)),
        /** Asks for what is due, and waits for what becomes of it. */
        ONCE(Duration.ofHours(1));

        private final Duration timeout;

        Kind(Duration timeout) {
            this.timeout = timeout;
        }

        /** What these need to be, whatever is configured: no timer, no port; and a plan touches nothing. */
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

    /** @param timeout null for the usual one */
    public Job(Kind kind, @Nullable Duration timeout, Main main, PrintStream out, PrintStream err) {
        this.kind = kind;
        this.timeout = timeout == null ? kind.timeout : timeout;
        this.main = main;
        this.out = out;
        this.err = err;
    }

    /** 0, 1 where something failed, 2 for a wrong configuration, 3 where a request is still open. */
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
                exitStatus = kind == Kind.PLAN ? plan(template) : once(context, template, settings, deadline);
            } else {
                err.println(
                        "Wrong configuration: rotation.schedule.targets: it has no target, which --once and --plan need;"
                                + " allowed is at least one, or rotation.schedule.companies");
                exitStatus = WRONG_CONFIGURATION;
            }
        } catch (TimeoutException e) {
            err.println("Not ready in " + timeout + ": " + e.getMessage() + wayOut(e));
        } catch (Exception e) {
            err.println("It failed: " + reason(e));
        } finally {
            main.completed();
        }
    }

    private String wayOut(TimeoutException e) {
        return kind == Kind.PLAN && String.valueOf(e.getMessage()).startsWith("Missing topics")
                ? " (--plan makes no topics: start the service once, with rotation.schedule.paused=true, before it)"
                : "";
    }

    private static void awaitReady(CamelContext context, Instant deadline) throws Exception {
        HealthCheck check = requireNonNull(HealthCheckRegistry.get(context))
                .getCheck("rotation-topics")
                .orElseThrow();
        HealthCheck.Result result = check.call();
        while (result.getState() != HealthCheck.State.UP) {
            if (Instant.now().isAfter(deadline)) {
                throw new TimeoutException(result.getMessage().orElse("no reason is known"));
            }
            Thread.sleep(PAUSE_MS);
            result = check.call();
        }
    }

    private int plan(ProducerTemplate template) {
        RotationPlan plan = template.requestBody(RotationRoutes.PLAN_CLIENT_KEY_ROTATIONS, null, RotationPlan.class);
        out.print(Tables.plan(plan));
        return problems(plan) ? FAILED : DONE;
    }

    private int once(CamelContext context, ProducerTemplate template, RotationSettings settings, Instant deadline)
            throws InterruptedException {
        try (FailureReader failures =
                FailureReader.fromNowOn(context, settings.publish().failuresTopic())) {
            RotationPlan plan =
                    template.requestBody(RotationRoutes.REQUEST_DUE_CLIENT_KEY_ROTATIONS, null, RotationPlan.class);
            Map<RotationRequest, RequestState> states = await(template, plan.requests(), deadline);
            failures.readToTheEnd();
            out.print(Tables.outcomes(plan, states, failures));
            boolean failed = states.containsValue(RequestState.FAILED) || plan.failed();
            return problems(plan) || failed ? FAILED : states.containsValue(RequestState.OPEN) ? STILL_OPEN : DONE;
        }
    }

    private Map<RotationRequest, RequestState> await(
            ProducerTemplate template, List<RotationRequest> requests, Instant deadline) throws InterruptedException {
        Map<RotationRequest, RequestState> states = new HashMap<>();
        requests.forEach(request -> states.put(request, RequestState.OPEN));
        try (Progress progress = Progress.of(requests.size(), err)) {
            while (states.containsValue(RequestState.OPEN) && Instant.now().isBefore(deadline)) {
                Thread.sleep(PAUSE_MS);
                states.replaceAll((request, state) -> state == RequestState.OPEN ? lookUp(template, request) : state);
                progress.show(states.values().stream()
                        .filter(state -> state != RequestState.OPEN)
                        .count());
            }
        }
        return states;
    }

    private static RequestState lookUp(ProducerTemplate template, RotationRequest request) {
        return template.requestBody(RotationRoutes.LOOK_UP_CLIENT_KEY_ROTATION, request, RequestState.class);
    }

    private boolean problems(RotationPlan plan) {
        plan.problems().forEach(problem -> err.println("Not all was looked at: " + problem));
        return !plan.problems().isEmpty();
    }

    /** Ours, below what Camel wraps around it; others may quote a setting, and so a secret. */
    private static String reason(Throwable e) {
        IllegalStateException ours = ObjectHelper.getException(IllegalStateException.class, e);
        return ours == null ? e.getClass().getName() : String.valueOf(ours.getMessage());
    }
}
