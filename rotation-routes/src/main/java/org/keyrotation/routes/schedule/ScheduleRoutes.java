package org.keyrotation.routes.schedule;

import static java.util.Objects.requireNonNull;
import static org.apache.camel.builder.endpoint.StaticEndpointBuilders.timer;
import static org.keyrotation.routes.intake.IntakeRoutes.REQUEST_ROTATION;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import org.apache.camel.LoggingLevel;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for the rotation of what is due, each tick. Nothing is asked for because the service started. */
public final class ScheduleRoutes extends PrefixedRoutes {

    /** The route that begins once the topics are there. */
    public static final String REQUEST_DUE_EACH_TICK = "request-due-each-tick";

    /** The door that answers with a {@link RotationPlan}, and changes nothing. */
    public static final String PLAN = "plan-client-key-rotations";

    /** The door that asks for all that is due, and answers with the {@link RotationPlan} by which it did. */
    public static final String REQUEST_DUE = "request-due-client-key-rotations";

    /** The door that answers a {@link RotationRequest} with its {@link RequestState}. */
    public static final String LOOK_UP = "look-up-client-key-rotation";

    /** What the timer does. */
    static final String REQUEST_DUE_AT_TICK = "request-due-at-tick";

    private static final Logger LOG = LoggerFactory.getLogger(ScheduleRoutes.class);

    private final ScheduleSettings settings;
    private final Ledger ledger;
    private final Clock clock;
    private final MeterRegistry meters;

    public ScheduleRoutes(Prefix prefix, ScheduleSettings settings, Ledger ledger, Clock clock, MeterRegistry meters) {
        super(prefix);
        this.settings = settings;
        this.ledger = ledger;
        this.clock = clock;
        this.meters = meters;
    }

    @Override
    protected void routes() throws Exception {
        Schedule schedule = schedule();
        if (settings.enabled()) {
            requestDueEachTick();
            requestDueAtTick(schedule);
        }
        plan(schedule);
        requestDue(schedule);
        lookUp();
    }

    private Schedule schedule() throws Exception {
        PauseSwitch pause = new PauseSwitch(prefix(), getContext().getName(), settings.paused());
        Planner planner = new Planner(prefix(), settings);
        ScheduleMetrics fleet = new ScheduleMetrics(ledger, planner, clock);
        if (settings.enabled()) {
            LOG.info(
                    "The schedule looks every {} for keys that are {} old, and spreads them over {}{}",
                    settings.tick(),
                    settings.interval(),
                    settings.spread(),
                    settings.paused() ? "; it is paused" : "");
            getContext().addService(pause);
            pause.register(meters);
            fleet.register(meters);
        }
        return new Schedule(
                getContext(),
                new CredentialLister(getContext(), prefix()),
                settings,
                ledger,
                planner,
                pause,
                fleet,
                clock);
    }

    private void requestDueEachTick() {
        from(timer(prefix().id("schedule")).delay(0).period(settings.tick().toMillis()))
                .routeId(REQUEST_DUE_EACH_TICK)
                .autoStartup(false)
                .description("Looks at what is due every " + settings.tick())
                .to(direct(REQUEST_DUE_AT_TICK));
    }

    private void requestDueAtTick(Schedule schedule) {
        from(direct(REQUEST_DUE_AT_TICK))
                .errorHandler(defaultErrorHandler())
                .routeId("request-due")
                .description("Asks for what got due since the last tick")
                .onException(Exception.class)
                .handled(true)
                .log(LoggingLevel.WARN, "The tick failed, the next one makes up for it: ${exception.message}")
                .end()
                .process(schedule::tick)
                .split(simple("${body.requests}"))
                .stopOnException()
                .to(publicEndpoint(REQUEST_ROTATION))
                .end()
                .process(schedule::ticked);
    }

    private void plan(Schedule schedule) {
        from(publicEndpoint(PLAN))
                .routeId(PLAN)
                .description("Tells what is due, what will be, and what is left alone")
                .process(schedule::plan);
    }

    private void requestDue(Schedule schedule) {
        from(publicEndpoint(REQUEST_DUE))
                .routeId(REQUEST_DUE)
                .description("Asks for all that is due, and tells what that is")
                .process(schedule::due)
                .split(simple("${body.requests}"))
                .stopOnException()
                .to(publicEndpoint(REQUEST_ROTATION))
                .end();
    }

    private void lookUp() {
        from(publicEndpoint(LOOK_UP))
                .routeId(LOOK_UP)
                .description("Tells how far a request has come, by the ledger")
                .transform()
                .body(RotationRequest.class, this::state);
    }

    private RequestState state(RotationRequest request) {
        LedgerEntry entry = ledger.entry(request.credential());
        Instant last = entry.lastRotationAt();
        if (last != null && !last.isBefore(requireNonNull(request.requestedAt(), "requestedAt"))) {
            return RequestState.ROTATED;
        }
        boolean settled = entry.isSettled(requireNonNull(request.requestId(), "requestId"));
        return settled ? RequestState.FAILED : RequestState.OPEN;
    }
}
