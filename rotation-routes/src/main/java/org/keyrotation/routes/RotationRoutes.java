package org.keyrotation.routes;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.apache.camel.health.HealthCheckRegistry;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ManagementApiRoutes;
import org.keyrotation.routes.intake.IntakeRoutes;
import org.keyrotation.routes.intake.schedule.ScheduleRoutes;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.publish.AcknowledgedTopic;
import org.keyrotation.routes.publish.Deferral;
import org.keyrotation.routes.publish.PublishRoutes;
import org.keyrotation.routes.rotate.Claim;
import org.keyrotation.routes.rotate.RotateRoutes;
import org.keyrotation.routes.rotate.Rotation;

/**
 * Everything that rotates client keys, to add to a Camel context:
 *
 * <pre>{@code
 * camelContext.addRoutes(new RotationRoutes());
 * }</pre>
 *
 * <p>The settings are the context's {@code rotation.*} properties, unless they are given. Kafka is reached as the
 * context's {@code kafka} component is set ({@code camel.component.kafka.*}). Requests are read once the brokers answer,
 * the topics are there and the ledger is read; until then the health check {@code rotation-topics} is DOWN and says why.
 *
 * <p>Meters go to the registry's {@link MeterRegistry}, or to Micrometer's global one where there is none.
 */
public final class RotationRoutes extends EndpointRouteBuilder {

    /**
     * Takes a {@link RotationRequest} and puts it onto the requests topic, safe with any number of instances. Body out:
     * the request as it was sent, with its requestId. Fails where the brokers do not acknowledge it.
     */
    public static final String REQUEST_CLIENT_KEY_ROTATION = "direct:" + IntakeRoutes.REQUEST_ROTATION;

    /**
     * Takes a {@link RotationRequest}, rotates at once, publishes, and answers with a {@link RotationOutcome}. One at a
     * time for each credential within this instance; whoever calls it in several instances for one credential gives up
     * the single writer that the requests topic gives each credential. What cannot be done now is deferred: the request
     * is then on a retry topic. Fails where the ledger cannot be read within 30 seconds.
     */
    public static final String ROTATE_CLIENT_KEY = "direct:rotate-client-key";

    /**
     * Answers with a {@link RotationPlan}: what {@code rotation.schedule.*} would rotate now, what later, and what it leaves
     * alone. Changes nothing. Only there where the schedule has targets.
     */
    public static final String PLAN_CLIENT_KEY_ROTATIONS = "direct:" + ScheduleRoutes.PLAN;

    /**
     * Puts a request for each credential that is due by {@code rotation.schedule.*} onto the requests topic, and answers
     * with the {@link RotationPlan} by which it did. Safe with any number of instances. Only there where the schedule has
     * targets.
     */
    public static final String REQUEST_DUE_CLIENT_KEY_ROTATIONS = "direct:" + ScheduleRoutes.REQUEST_DUE;

    /**
     * Takes a {@link RotationRequest} with its requestId and requestedAt, of the last door for instance, and answers with its
     * {@link RequestState}. Only there where the schedule has targets.
     */
    public static final String LOOK_UP_CLIENT_KEY_ROTATION = "direct:" + ScheduleRoutes.LOOK_UP;

    private final @Nullable RotationSettings given;
    private final Clock clock;

    /** With the settings of the Camel context's properties. */
    public RotationRoutes() {
        this(null, Clock.systemUTC());
    }

    /** With these settings. */
    public RotationRoutes(RotationSettings settings) {
        this(settings, Clock.systemUTC());
    }

    RotationRoutes(@Nullable RotationSettings given, Clock clock) {
        this.given = given;
        this.clock = clock;
    }

    /** @throws InvalidSettingsException with every problem there is */
    @Override
    public void configure() throws Exception {
        RotationSettings settings = given == null ? RotationSettings.from(getContext()) : checked(given);
        MeterRegistry meters = Objects.requireNonNullElse(
                getContext().getRegistry().findSingleByType(MeterRegistry.class), Metrics.globalRegistry);

        getContext().addRoutes(new ManagementApiRoutes(settings.api(), meters));
        getContext().addRoutes(new PublishRoutes(settings.publish(), meters));
        Ledger ledger = new Ledger(
                getContext(), settings.ledger(), meters, settings.intake().enabled());
        getContext().addService(ledger);
        getContext().addRoutes(new RotateRoutes(settings.rotate(), ledger, clock, meters));
        getContext().addRoutes(new IntakeRoutes(settings.intake(), ledger::caughtUp, clock));
        if (settings.schedule().hasTargets()) {
            getContext().addRoutes(new ScheduleRoutes(settings.schedule(), ledger, clock, meters));
        }
        openOnceTheTopicsAreThere(settings, ledger);
        rotateClientKey(ledger);
    }

    private RotationSettings checked(RotationSettings settings) {
        List<String> problems = KafkaOptions.problems(getContext());
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        return settings;
    }

    private void openOnceTheTopicsAreThere(RotationSettings settings, Ledger ledger) throws Exception {
        TopicGate gate = new TopicGate(getContext(), settings, ledger);
        getContext().addService(gate);
        getContext().addStartupListener(gate);
        HealthCheckRegistry.get(getContext()).register(new TopicsHealth(gate));
    }

    private void rotateClientKey(Ledger ledger) {
        from(ROTATE_CLIENT_KEY)
                .errorHandler(noErrorHandler())
                .routeId("rotate-client-key")
                .description("Rotates one client key at once, and answers with its outcome")
                .validate(body().isInstanceOf(RotationRequest.class))
                .transform()
                .body(RotationRequest.class, this::rotation)
                .process(exchange -> ledger.awaitCaughtUp())
                .enrich(direct(RotateRoutes.ROTATE), RotationRoutes::answer);
    }

    private Rotation rotation(RotationRequest request) {
        return Rotation.of(
                request.completed(UUID.randomUUID().toString(), clock.instant()),
                Deferral.none(null),
                Claim.OF_THE_CALLER);
    }

    /** What the rotation did to its headers is not the caller's business. */
    private static Exchange answer(Exchange caller, Exchange rotated) {
        AcknowledgedTopic.check(rotated);
        Rotation rotation = rotated.getMessage().getBody(Rotation.class);
        caller.getMessage().setBody(RotationOutcome.of(Objects.requireNonNull(rotation.outcome())));
        return caller;
    }
}
