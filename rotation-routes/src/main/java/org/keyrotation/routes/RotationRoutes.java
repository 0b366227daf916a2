package org.keyrotation.routes;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.time.Clock;
import java.util.Objects;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.apache.camel.health.HealthCheckRegistry;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ManagementApiRoutes;
import org.keyrotation.routes.intake.IntakeRoutes;
import org.keyrotation.routes.intake.ScheduleRoutes;
import org.keyrotation.routes.publish.PublishRoutes;
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
 * context's {@code kafka} component is set ({@code camel.component.kafka.*}). Requests are read once the brokers answer
 * and the topics are there; until then the health check {@code rotation-topics} is DOWN and says why.
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
     * the single writer that the requests topic gives each credential.
     */
    public static final String ROTATE_CLIENT_KEY = "direct:rotate-client-key";

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
        RotationSettings settings = given == null ? RotationSettings.from(getContext()) : given;
        MeterRegistry meters = Objects.requireNonNullElse(
                getContext().getRegistry().findSingleByType(MeterRegistry.class), Metrics.globalRegistry);

        getContext().addRoutes(new ManagementApiRoutes(settings.api(), meters));
        getContext().addRoutes(new PublishRoutes(settings.publish(), meters));
        getContext().addRoutes(new RotateRoutes(settings.rotate(), clock, meters));
        getContext().addRoutes(new IntakeRoutes(settings.intake(), clock));
        if (settings.schedule() != null) {
            getContext().addRoutes(new ScheduleRoutes(settings.schedule(), clock));
        }
        openOnceTheTopicsAreThere(settings);
        rotateClientKey();
    }

    private void openOnceTheTopicsAreThere(RotationSettings settings) throws Exception {
        TopicGate gate = new TopicGate(getContext(), settings);
        getContext().addService(gate);
        getContext().addStartupListener(gate);
        HealthCheckRegistry.get(getContext()).register(new TopicsHealth(gate));
    }

    private void rotateClientKey() {
        from(ROTATE_CLIENT_KEY)
                .errorHandler(noErrorHandler())
                .routeId("rotate-client-key")
                .description("Rotates one client key at once, and answers with its outcome")
                .validate(body().isInstanceOf(RotationRequest.class))
                .transform()
                .body(RotationRequest.class, this::rotation)
                .enrich(direct(RotateRoutes.ROTATE), RotationRoutes::answer);
    }

    private Rotation rotation(RotationRequest request) {
        return Rotation.of(request.completed(UUID.randomUUID().toString(), clock.instant()), null);
    }

    /** What the rotation did to its headers is not the caller's business. */
    private static Exchange answer(Exchange caller, Exchange rotated) {
        Rotation rotation = rotated.getMessage().getBody(Rotation.class);
        caller.getMessage().setBody(RotationOutcome.of(Objects.requireNonNull(rotation.event())));
        return caller;
    }
}
