package org.keyrotation.routes.intake;

import static org.keyrotation.routes.intake.IntakeRoutes.REQUEST_ROTATION;

import java.time.Clock;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;

/** Asks for the rotation of each target, each tick. Nothing is asked for because the service started. */
public final class ScheduleRoutes extends EndpointRouteBuilder {

    /** The route that begins once the topics are there. */
    public static final String SCHEDULE_REQUESTS = "schedule-requests";

    private final ScheduleSettings settings;
    private final Schedule schedule;

    public ScheduleRoutes(ScheduleSettings settings, Clock clock) {
        this.settings = settings;
        this.schedule = new Schedule(settings, clock);
    }

    @Override
    public void configure() {
        scheduleRequests();
    }

    private void scheduleRequests() {
        long tick = settings.tick().toMillis();
        from(timer("rotation-schedule").delay(tick).period(tick))
                .routeId(SCHEDULE_REQUESTS)
                .autoStartup(false)
                .description("Makes a request for each target, each tick")
                .transform()
                .exchange(schedule::due)
                .split(body())
                .to(direct(REQUEST_ROTATION));
    }
}
