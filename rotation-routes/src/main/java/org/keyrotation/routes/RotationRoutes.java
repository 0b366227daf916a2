package org.keyrotation.routes;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.model.OnExceptionDefinition;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.adoption.AdoptionRoutes;
import org.keyrotation.routes.api.ApiAuthProvider;
import org.keyrotation.routes.api.CallFencedException;
import org.keyrotation.routes.api.CompanyRateLimiter;
import org.keyrotation.routes.api.ManagementApiRoutes;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.config.ApplicationCallbacks;
import org.keyrotation.routes.config.InvalidSettingsException;
import org.keyrotation.routes.drift.DriftRoutes;
import org.keyrotation.routes.intake.IntakeRoutes;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.kafka.ProcessAgainException;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.OverlapMeters;
import org.keyrotation.routes.publish.PublishRoutes;
import org.keyrotation.routes.retry.OpenRequestMeters;
import org.keyrotation.routes.retry.RetryMetadata;
import org.keyrotation.routes.retry.RetryRoutes;
import org.keyrotation.routes.rotate.RotateRoutes;
import org.keyrotation.routes.rotate.Rotation;
import org.keyrotation.routes.schedule.ScheduleRoutes;
import org.keyrotation.routes.startup.ClockHealthCheck;
import org.keyrotation.routes.startup.IntakeStarter;
import org.keyrotation.routes.startup.LedgerClaim;
import org.keyrotation.routes.startup.ReadyMessage;
import org.keyrotation.routes.startup.TopicProvisioner;
import org.keyrotation.routes.startup.TopicsHealthCheck;

/**
 * All routes that rotate client keys, for a Camel context:
 *
 * <pre>{@code
 * camelContext.addRoutes(new RotationRoutes());
 * }</pre>
 *
 * <p>The settings come from the context's {@code rotation.*} properties, or from the constructor. The context's {@code kafka}
 * component reaches Kafka ({@code camel.component.kafka.*}). Consumption starts when the brokers answer, the topics exist and
 * the ledger is read; until then the health check {@code rotation-topics} is DOWN, with the reason.
 *
 * <p>Meters go to the {@link MeterRegistry} of the context's registry, or to Micrometer's global one if there is none.
 *
 * <p>The ids of routes, internal endpoints, the component, health checks and meters begin with {@code rotation}; the public
 * endpoints are the constants below. The error handlers, the HTTP component and the Kafka clients are separate ones: the
 * context and its other routes stay as they are. Only white space around the options of the {@code kafka} component is removed.
 */
public final class RotationRoutes extends PrefixedRoutes {

    /**
     * Endpoint that puts a {@link RotationRequest} onto the requests topic. Safe from any number of instances. Body out: the
     * request as it was sent, with its requestId. It throws if the brokers do not acknowledge the request.
     */
    public static final String REQUEST_CLIENT_KEY_ROTATION = "direct:" + IntakeRoutes.REQUEST_ROTATION;

    /**
     * Endpoint that rotates the credential of a {@link RotationRequest} at once and publishes the outcome. Body out: a {@link
     * RotationOutcome}. Safe from any number of instances: while another one rotates the credential, the call waits until the
     * lease of that one is over, by default 46 seconds at most. A request that cannot be completed now waits on a retry topic. It
     * throws if the ledger cannot be read within 30 seconds.
     */
    public static final String ROTATE_CLIENT_KEY = "direct:" + RotationRoutes.ROTATE;

    /**
     * Endpoint that returns a {@link RotationPlan}: what {@code rotation.schedule.*} would rotate now, later, and not at all.
     * It changes nothing, and takes a ledger topic that does not exist for an empty ledger. It exists only if the schedule has
     * targets.
     */
    public static final String PLAN_CLIENT_KEY_ROTATIONS = "direct:" + ScheduleRoutes.PLAN;

    /**
     * Endpoint that puts a request onto the requests topic for each credential that is due by {@code rotation.schedule.*}, and
     * returns the {@link RotationPlan} behind them. Safe from any number of instances. It exists only if the schedule has
     * targets.
     */
    public static final String REQUEST_DUE_CLIENT_KEY_ROTATIONS = "direct:" + ScheduleRoutes.REQUEST_DUE;

    /**
     * Endpoint that returns the {@link RequestState} of a request. Body in: a {@link RotationRequest} with a requestId and a
     * requestedAt. It exists only if the schedule has targets.
     */
    public static final String LOOK_UP_CLIENT_KEY_ROTATION = "direct:" + ScheduleRoutes.LOOK_UP;

    private static final String ROTATE = "rotate-client-key";
    private static final String ROTATE_TO_OUTCOME = "rotate-to-outcome";

    /** Each conflict means that another instance has made progress. */
    private static final int MAX_CONFLICTS = 10;

    private final @Nullable RotationSettings explicitSettings;
    private Clock clock = Clock.systemUTC();
    private @Nullable ApiAuthProvider authProvider;
    private @Nullable OutcomeHandler outcomeHandler;

    /** Creates routes with the settings of the context's properties. */
    public RotationRoutes() {
        this(Prefix.ROTATION, null);
    }

    /**
     * Creates routes with these settings. {@link RotationSettings#of} requires API authentication and an outcome topic. To
     * have an {@link ApiAuthProvider} or an {@link OutcomeHandler} instead, set the context's properties.
     */
    public RotationRoutes(RotationSettings settings) {
        this(Prefix.ROTATION, settings);
    }

    private RotationRoutes(Prefix prefix, @Nullable RotationSettings explicitSettings) {
        super(prefix);
        this.explicitSettings = explicitSettings;
    }

    /**
     * Creates routes with the settings of the context's properties {@code PREFIX.*}, and {@code PREFIX} in place of {@code
     * rotation} in the names of routes, meters, health checks and, by default, topics. The public endpoints are {@code
     * direct:PREFIX-rotate-client-key} and so on; the default group is {@code PREFIX-key-rotation}. Several of them work side by
     * side in a context, for a test and a live account for example.
     *
     * @param prefix 1 to 40 lower-case letters, digits and single hyphens, a letter first
     * @throws IllegalArgumentException if the prefix is invalid
     */
    public static RotationRoutes withPrefix(String prefix) {
        return new RotationRoutes(new Prefix(prefix), null);
    }

    /** Authenticates API calls by this provider. The default is {@code rotation.api.key} and its alternatives. */
    public RotationRoutes authProvider(ApiAuthProvider provider) {
        authProvider = provider;
        return this;
    }

    /** Passes each outcome to this handler. There is none by default. */
    public RotationRoutes outcomeHandler(OutcomeHandler handler) {
        outcomeHandler = handler;
        return this;
    }

    /** Uses this clock. The default is the system's. */
    public RotationRoutes clock(Clock newClock) {
        clock = newClock;
        return this;
    }

    /** @throws InvalidSettingsException if settings are invalid; it lists every problem */
    @Override
    protected void routes() throws Exception {
        RotationSettings settings = settings();
        MeterRegistry meters = meters();
        ThreadPools pools = ThreadPools.create(getContext(), prefix());
        ApiAuthProvider auth = Objects.requireNonNullElse(authProvider, settings.api());
        CompanyRateLimiter rateLimiter = new CompanyRateLimiter(settings.api(), meters, pools.routing());
        Ledger ledger = new Ledger(
                getContext(),
                settings.ledger(),
                settings.api().host(),
                meters,
                settings.intake().enabled(),
                Ledger.READ_TIMEOUT,
                pools);
        LedgerClaim claim = new LedgerClaim(getContext(), ledger, settings.ledger(), settings.api(), settings.intake());
        OpenRequestMeters openRequests = new OpenRequestMeters(meters, clock);
        RotateRoutes rotate = new RotateRoutes(
                prefix(), settings.rotate(), settings.api(), ledger, rateLimiter, clock, meters, pools);

        getContext().addService(ledger);
        getContext().addRoutes(new ManagementApiRoutes(prefix(), settings.api(), auth, rateLimiter, meters, pools));
        getContext().addRoutes(new RetryRoutes(prefix(), settings.retry(), clock, openRequests, pools));
        getContext().addRoutes(new PublishRoutes(prefix(), settings.publish(), outcomeHandler, meters, pools));
        getContext().addRoutes(rotate);
        getContext()
                .addRoutes(
                        new IntakeRoutes(prefix(), settings.intake(), rotate.admission(), clock, openRequests, pools));
        if (settings.schedule().hasTargets()) {
            getContext().addRoutes(new DriftRoutes(prefix(), settings.drift(), ledger, clock, meters));
            getContext().addRoutes(new ScheduleRoutes(prefix(), settings.schedule(), ledger, clock, meters));
        }
        if (settings.adoption().enabled()) {
            getContext()
                    .addRoutes(new AdoptionRoutes(
                            prefix(),
                            settings.adoption(),
                            settings.publish().keysTopic(),
                            ledger,
                            clock,
                            meters,
                            pools));
        }
        new OverlapMeters(ledger, clock, pools.blocking()).register(meters);
        startIntakeWhenReady(settings, ledger, claim, meters);
        decideAnew();
        rotateClientKey(ledger, claim, pools);
        rotateToOutcome();
    }

    private RotationSettings settings() {
        ApplicationCallbacks callbacks = new ApplicationCallbacks(authProvider != null, outcomeHandler != null);
        if (explicitSettings == null) {
            return RotationSettings.read(getContext(), prefix(), callbacks);
        }
        explicitSettings.validate(getContext(), callbacks);
        return explicitSettings;
    }

    private MeterRegistry meters() {
        MeterRegistry registry = Objects.requireNonNullElse(
                getContext().getRegistry().findSingleByType(MeterRegistry.class), Metrics.globalRegistry);
        return prefix().equals(Prefix.ROTATION) ? registry : prefixed(registry);
    }

    private MeterRegistry prefixed(MeterRegistry registry) {
        CompositeMeterRegistry prefixed = new CompositeMeterRegistry();
        prefixed.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.withName(prefix().rewrite(id.getName()));
            }
        });
        return prefixed.add(registry);
    }

    private void startIntakeWhenReady(RotationSettings settings, Ledger ledger, LedgerClaim claim, MeterRegistry meters)
            throws Exception {
        TopicProvisioner topics = new TopicProvisioner(
                prefix(),
                settings.topics(),
                settings.intake(),
                settings.retry(),
                settings.publish(),
                settings.ledger(),
                settings.adoption());
        ReadyMessage readyMessage = settings.intake().enabled()
                ? new ReadyMessage(settings.api(), settings.intake(), settings.publish(), settings.ledger())
                : null;
        IntakeStarter starter = new IntakeStarter(
                getContext(),
                prefix(),
                topics,
                ledger,
                claim,
                consumingRoutes(settings),
                readyMessage,
                timerRoutes(settings));
        getContext().addService(starter);
        getContext().addStartupListener(starter);
        HealthCheckRegistry health = HealthCheckRegistry.get(getContext());
        health.register(new TopicsHealthCheck(prefix(), starter, meters));
        health.register(new ClockHealthCheck(prefix(), Clock.systemUTC()));
    }

    private static List<String> consumingRoutes(RotationSettings settings) {
        List<String> routes = new ArrayList<>();
        if (settings.intake().enabled()) {
            routes.add(IntakeRoutes.RECEIVE_REQUESTS);
            routes.addAll(RetryRoutes.consumingRoutes(settings.retry()));
        }
        return routes;
    }

    private static List<String> timerRoutes(RotationSettings settings) {
        List<String> routes = new ArrayList<>();
        if (settings.schedule().enabled()) {
            routes.add(ScheduleRoutes.REQUEST_DUE_EACH_TICK);
        }
        if (settings.adoption().enabled()) {
            routes.add(AdoptionRoutes.FOLLOW_ADOPTION);
        }
        return routes;
    }

    /** A request of the topic is decided anew by its consumer. */
    private void decideAnew() {
        OnExceptionDefinition policy = onException(ProcessAgainException.class, CallFencedException.class);
        policy.maximumRedeliveries(MAX_CONFLICTS)
                .redeliveryDelay(200)
                .logRetryAttempted(false)
                .logExhausted(false);
        forbidRedeliveryWhileStopping(policy);
    }

    // spotless:off
    private void rotateClientKey(Ledger ledger, LedgerClaim claim, ThreadPools pools) {
        from(publicEndpoint(ROTATE)).routeId(ROTATE).errorHandler(redeliveryOn(pools))
            .description("Rotates one client key at once, and returns its outcome")
            .process(IntakeRoutes::requireRequest)
            .transform().body(RotationRequest.class, this::rotation)
            .process(exchange -> ledger.awaitReadToEnd())
            .process(exchange -> claim.claimForApi())
            .enrich(directSynchronous(ROTATE_TO_OUTCOME), RotationRoutes::toOutcome, true);
    }

    private void rotateToOutcome() {
        from(direct(ROTATE_TO_OUTCOME)).routeId(ROTATE_TO_OUTCOME)
            .description("Rotates one client key without the headers of the caller")
            .removeHeaders("*")
            .to(direct(RotateRoutes.ROTATE))
            .transform().body(Rotation.class, rotation -> Objects.requireNonNull(rotation.outcome()));
    }
    // spotless:on

    private Rotation rotation(RotationRequest request) {
        Instant now = clock.instant();
        return Rotation.of(
                request.completed(UUID.randomUUID().toString(), now),
                RetryMetadata.first(null, now),
                PartitionOwnership.UNFENCED);
    }

    /**
     * Aggregation strategy: keeps the caller's headers, and replaces the body by the outcome. It copies an exception without
     * the flag of the error handlers that have given it up, so that this route decides anew.
     */
    private static Exchange toOutcome(Exchange caller, Exchange rotated) {
        if (rotated.getException() != null) {
            caller.setException(rotated.getException());
            return caller;
        }
        if (!(rotated.getMessage().getBody() instanceof RotationOutcome outcome)) {
            throw new IllegalStateException("The route stopped before the request completed");
        }
        caller.getMessage().setBody(outcome);
        return caller;
    }
}
