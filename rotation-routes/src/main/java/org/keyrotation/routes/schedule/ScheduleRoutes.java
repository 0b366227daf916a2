package org.keyrotation.routes.schedule;

import static java.util.Objects.requireNonNull;
import static org.apache.camel.builder.endpoint.StaticEndpointBuilders.timer;
import static org.keyrotation.routes.drift.DriftRoutes.CHECK_DRIFT;
import static org.keyrotation.routes.intake.IntakeRoutes.REQUEST_ROTATION;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.CredentialLister;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.ledger.Ledger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes that request the rotation of due credentials, at each tick or on demand. A start makes no credential due: the first
 * tick covers the time of one tick, like any other.
 */
public final class ScheduleRoutes extends PrefixedRoutes {

    /** The id of the timer route, which starts once the topics exist. */
    public static final String REQUEST_DUE_EACH_TICK = "request-due-each-tick";

    /** Name of the direct endpoint that returns a {@link RotationPlan} and changes nothing. */
    public static final String PLAN = "plan-client-key-rotations";

    /** Name of the direct endpoint that requests all due rotations and returns their {@link RotationPlan}. */
    public static final String REQUEST_DUE = "request-due-client-key-rotations";

    /** Name of the direct endpoint that returns the {@link RequestState} of a {@link RotationRequest}. */
    public static final String LOOK_UP = "look-up-client-key-rotation";

    /** Name of the direct endpoint of one tick. */
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
        PauseSwitch pause = new PauseSwitch(prefix(), getContext().getName(), settings.paused(), ledger, clock);
        CredentialPlanner planner = new CredentialPlanner(prefix(), settings);
        ScheduleMetrics metrics = new ScheduleMetrics(ledger, planner, clock);
        FleetPlanner fleet = fleetPlanner(planner, pause, metrics);
        if (settings.enabled()) {
            register(pause, metrics);
            requestDueEachTick();
            requestDueAtTick(new Schedule(settings, fleet), fleet);
        }
        plan(fleet);
        requestDue(fleet);
        lookUp();
    }

    // spotless:off
    private void requestDueEachTick() {
        from(timer(prefix().id("schedule")).delay(0).period(settings.tick().toMillis())).routeId(REQUEST_DUE_EACH_TICK)
            .autoStartup(false)
            .description("Runs the schedule every " + settings.tick())
            .to(direct(REQUEST_DUE_AT_TICK));
    }

    private void requestDueAtTick(Schedule schedule, FleetPlanner fleet) {
        from(direct(REQUEST_DUE_AT_TICK)).routeId("request-due").errorHandler(defaultErrorHandler())
            .description("Requests the rotations that became due since the last tick")
            .onException(Exception.class)
                .handled(true)
                .log(LoggingLevel.WARN, "Schedule run failed, will retry at the next tick: ${exception.message}")
            .end()
            .process(fleet::scan)
            .enrich(direct(CHECK_DRIFT), ScheduleRoutes::keepSnapshot, true)
            .process(schedule::plan)
            .split().body(Tick.class, Tick::requests).stopOnException()
                .to(publicEndpoint(REQUEST_ROTATION))
            .end()
            .process().body(Tick.class, schedule::completed);
    }

    private void plan(FleetPlanner fleet) {
        from(publicEndpoint(PLAN)).routeId(PLAN)
            .description("Returns the decision on each target credential, and changes nothing")
            .process(fleet::plan);
    }

    private void requestDue(FleetPlanner fleet) {
        from(publicEndpoint(REQUEST_DUE)).routeId(REQUEST_DUE)
            .description("Requests all due rotations and returns the plan")
            .process(fleet::scan)
            .enrich(direct(CHECK_DRIFT), ScheduleRoutes::keepSnapshot, true)
            .process(fleet::planAndRegister)
            .split().body(RotationPlan.class, RotationPlan::requests).stopOnException()
                .to(publicEndpoint(REQUEST_ROTATION))
            .end();
    }

    private void lookUp() {
        from(publicEndpoint(LOOK_UP)).routeId(LOOK_UP)
            .description("Returns the state of a request according to the ledger")
            .transform().body(RotationRequest.class, this::state);
    }
    // spotless:on

    /** Aggregation strategy: keeps the original exchange. The rotations are due whatever becomes of the other check. */
    private static Exchange keepSnapshot(Exchange original, Exchange checked) {
        return original;
    }

    private FleetPlanner fleetPlanner(CredentialPlanner planner, PauseSwitch pause, ScheduleMetrics metrics) {
        CredentialLister lister = new CredentialLister(getContext(), prefix());
        TargetScanner scanner = new TargetScanner(prefix(), settings, lister);
        return new FleetPlanner(scanner, lister, ledger, planner, pause, metrics, clock);
    }

    private void register(PauseSwitch pause, ScheduleMetrics metrics) throws Exception {
        LOG.info(
                "Schedule: tick {}, interval {}, spread {}{}",
                settings.tick(),
                settings.interval(),
                settings.spread(),
                settings.paused() ? ", paused" : "");
        getContext().addService(pause);
        pause.register(meters);
        metrics.register(meters);
    }

    private RequestState state(RotationRequest request) {
        return ledger.entry(request.credential())
                .stateOf(
                        requireNonNull(request.requestId(), "requestId"),
                        requireNonNull(request.requestedAt(), "requestedAt"),
                        clock.instant());
    }
}
