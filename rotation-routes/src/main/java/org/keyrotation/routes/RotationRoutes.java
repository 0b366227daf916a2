package org.keyrotation.routes;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import java.time.Clock;
import java.util.Objects;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheckRegistry;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ApiAuthProvider;
import org.keyrotation.routes.api.CompanyRateLimiter;
import org.keyrotation.routes.api.ManagementApiRoutes;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.config.ApplicationCallbacks;
import org.keyrotation.routes.config.InvalidSettingsException;
import org.keyrotation.routes.intake.IntakeRoutes;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.kafka.TopicProducer;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.publish.PublishRoutes;
import org.keyrotation.routes.retry.RetryMetadata;
import org.keyrotation.routes.rotate.RotateRoutes;
import org.keyrotation.routes.rotate.Rotation;
import org.keyrotation.routes.schedule.ScheduleRoutes;
import org.keyrotation.routes.startup.IntakeStarter;
import org.keyrotation.routes.startup.TopicsHealthCheck;

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
 *
 * <p>The names of its routes, endpoints, component, health checks and meters begin with {@code rotation}. Its error
 * handlers, its HTTP component and its Kafka clients are its own: nothing of the context is changed.
 */
public final class RotationRoutes extends PrefixedRoutes {

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
    private Clock clock = Clock.systemUTC();
    private @Nullable ApiAuthProvider signIns;
    private @Nullable OutcomeHandler handler;

    /** With the settings of the Camel context's properties. */
    public RotationRoutes() {
        this(Prefix.ROTATION, null);
    }

    /**
     * With these settings. To sign in otherwise than by them, or to publish nothing while requests are read, set the context's
     * properties instead: {@link RotationSettings#of} asks for both.
     */
    public RotationRoutes(RotationSettings settings) {
        this(Prefix.ROTATION, settings);
    }

    private RotationRoutes(Prefix prefix, @Nullable RotationSettings given) {
        super(prefix);
        this.given = given;
    }

    /**
     * With the settings of the Camel context's properties {@code PREFIX.*}, and {@code PREFIX} wherever it says {@code
     * rotation} otherwise: of routes, meters, health checks, and of topics by default. Its doors are {@code
     * direct:PREFIX-rotate-client-key} and so on, and its group {@code PREFIX-key-rotation} by default. So several of them
     * stand side by side in a context, of a test and a live account for instance.
     *
     * @param prefix 1 to 40 lower-case letters, digits and single hyphens, a letter first
     * @throws IllegalArgumentException where it is not
     */
    public static RotationRoutes withPrefix(String prefix) {
        return new RotationRoutes(new Prefix(prefix), null);
    }

    /** Signs in as this source says at each call, not as {@code rotation.api.key} and so on do. */
    public RotationRoutes authProvider(ApiAuthProvider source) {
        signIns = source;
        return this;
    }

    /** Tells this handler of each outcome; nobody else by default. */
    public RotationRoutes outcomeHandler(OutcomeHandler newHandler) {
        handler = newHandler;
        return this;
    }

    /** Tells the time by this clock; the system's by default. */
    public RotationRoutes clock(Clock newClock) {
        clock = newClock;
        return this;
    }

    /** @throws InvalidSettingsException with every problem there is */
    @Override
    protected void routes() throws Exception {
        RotationSettings settings = settings();
        MeterRegistry meters = meters();

        ThreadPools threads = ThreadPools.of(getContext(), prefix());
        ApiAuthProvider auth = Objects.requireNonNullElse(signIns, settings.api());
        CompanyRateLimiter pace = new CompanyRateLimiter(settings.api(), meters, threads.routing());
        getContext().addRoutes(new ManagementApiRoutes(prefix(), settings.api(), auth, pace, meters, threads));
        getContext().addRoutes(new PublishRoutes(prefix(), settings.publish(), handOn(), meters, threads));
        Ledger ledger = new Ledger(
                getContext(), settings.ledger(), meters, settings.intake().enabled(), threads);
        getContext().addService(ledger);
        RotateRoutes rotate = new RotateRoutes(prefix(), settings.rotate(), ledger, pace, clock, meters, threads);
        getContext().addRoutes(rotate);
        getContext().addRoutes(new IntakeRoutes(prefix(), settings.intake(), rotate.admission(), clock, threads));
        if (settings.schedule().hasTargets()) {
            getContext().addRoutes(new ScheduleRoutes(prefix(), settings.schedule(), ledger, clock, meters));
        }
        openOnceTheTopicsAreThere(settings, ledger);
        rotateClientKey(ledger);
    }

    private RotationSettings settings() {
        ApplicationCallbacks supplied = new ApplicationCallbacks(signIns != null, handler != null);
        if (given == null) {
            return SettingsFactory.compose(getContext(), prefix(), supplied);
        }
        SettingsFactory.check(given, getContext(), supplied);
        return given;
    }

    private MeterRegistry meters() {
        MeterRegistry hosts = Objects.requireNonNullElse(
                getContext().getRegistry().findSingleByType(MeterRegistry.class), Metrics.globalRegistry);
        return prefix().equals(Prefix.ROTATION) ? hosts : renamed(hosts);
    }

    private MeterRegistry renamed(MeterRegistry hosts) {
        CompositeMeterRegistry renamed = new CompositeMeterRegistry();
        renamed.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.withName(prefix().in(id.getName()));
            }
        });
        return renamed.add(hosts);
    }

    private PublishRoutes.@Nullable Handler handOn() {
        OutcomeHandler application = handler;
        return application == null ? null : outcome -> application.handle(Outcomes.forApplication(outcome));
    }

    private void openOnceTheTopicsAreThere(RotationSettings settings, Ledger ledger) throws Exception {
        IntakeStarter gate = new IntakeStarter(getContext(), prefix(), settings, ledger);
        getContext().addService(gate);
        getContext().addStartupListener(gate);
        HealthCheckRegistry.get(getContext()).register(new TopicsHealthCheck(prefix(), gate));
    }

    private void rotateClientKey(Ledger ledger) {
        from(door("rotate-client-key"))
                .errorHandler(noErrorHandler())
                .routeId("rotate-client-key")
                .description("Rotates one client key at once, and answers with its outcome")
                .process(IntakeRoutes::checkThatItIsARequest)
                .transform()
                .body(RotationRequest.class, this::rotation)
                .process(exchange -> ledger.awaitReadToEnd())
                .enrich(onTheCallersThread(RotateRoutes.ROTATE), RotationRoutes::answer);
    }

    private Rotation rotation(RotationRequest request) {
        return Rotation.of(
                request.completed(UUID.randomUUID().toString(), clock.instant()),
                RetryMetadata.none(null),
                PartitionOwnership.OF_THE_CALLER);
    }

    /** What the rotation did to its headers is not the caller's business. */
    private static Exchange answer(Exchange caller, Exchange rotated) {
        TopicProducer.check(rotated);
        Rotation rotation = rotated.getMessage().getBody(Rotation.class);
        caller.getMessage().setBody(Outcomes.forApplication(Objects.requireNonNull(rotation.outcome())));
        return caller;
    }
}
