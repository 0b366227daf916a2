package org.keyrotation.routes;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.apache.camel.health.HealthCheckRegistry;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ManagementApiRoutes;
import org.keyrotation.routes.intake.IntakeRoutes;
import org.keyrotation.routes.intake.ScheduleRoutes;
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

    private static final long LEDGER_PATIENCE_SECONDS = 30;

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
        Ledger ledger = new Ledger(getContext(), settings.ledger(), meters);
        getContext().addService(ledger);
        getContext().addRoutes(new RotateRoutes(settings.rotate(), ledger, clock, meters));
        getContext().addRoutes(new IntakeRoutes(settings.intake(), ledger::caughtUp, clock));
        if (settings.schedule() != null) {
            getContext().addRoutes(new ScheduleRoutes(settings.schedule(), clock));
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
                .process(exchange -> awaitCaughtUp(ledger))
                .enrich(direct(RotateRoutes.ROTATE), RotationRoutes::answer);
    }

    private Rotation rotation(RotationRequest request) {
        return Rotation.of(
                request.completed(UUID.randomUUID().toString(), clock.instant()),
                Deferral.none(null),
                Claim.OF_THE_CALLER);
    }

    private static void awaitCaughtUp(Ledger ledger) throws Exception {
        try {
            ledger.caughtUp().get(LEDGER_PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            String obstacle = Objects.requireNonNullElse(ledger.obstacle(), "The ledger cannot be read to its end");
            throw new IllegalStateException("Nothing was rotated. " + obstacle, e);
        }
    }

    /** What the rotation did to its headers is not the caller's business. */
    private static Exchange answer(Exchange caller, Exchange rotated) {
        AcknowledgedTopic.check(rotated);
        Rotation rotation = rotated.getMessage().getBody(Rotation.class);
        caller.getMessage().setBody(RotationOutcome.of(Objects.requireNonNull(rotation.outcome())));
        return caller;
    }
}
