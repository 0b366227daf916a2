package org.keyrotation.app.command;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.service.ConfigFile;
import org.keyrotation.app.service.LogSettings;
import org.keyrotation.app.service.Service;
import org.keyrotation.app.status.CredentialStatuses;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.api.ApiSettings;
import org.keyrotation.routes.api.CompanyRateLimiter;
import org.keyrotation.routes.api.CredentialLister;
import org.keyrotation.routes.api.ManagementApiRoutes;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.intake.OpenRequest;
import org.keyrotation.routes.intake.OpenRequests;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.OtherApiException;

/**
 * Camel with the configuration of the service and without its routes, for a command that reads topics and sends requests. It
 * needs an API key only if the command calls the API.
 */
final class CommandContext implements AutoCloseable {

    /** A person waits: an API that cannot be reached is reported within 15 seconds, after one connect timeout. */
    private static final Duration MAX_RETRY_TIME = Duration.ofSeconds(3);

    /** The same for an API that does not answer. */
    private static final Duration MAX_RESPONSE_TIMEOUT = Duration.ofSeconds(10);

    /** The same for a ledger that cannot be read. */
    private static final Duration MAX_LEDGER_READ_TIME = Duration.ofSeconds(10);

    private final Main main;
    private final Routes routes;
    private final Interruption interruption;
    private @Nullable Ledger ledger;

    private CommandContext(Main main, Routes routes, Interruption interruption) {
        this.main = main;
        this.routes = routes;
        this.interruption = interruption;
    }

    /** Validates the whole configuration, as the service does. */
    static CommandContext start(ConfigFile config, boolean callsApi) throws Exception {
        LogSettings.silenceApi(config);
        LogSettings.apply(config, true);
        System.setProperty("camel.management.enabled", "false");
        Routes routes = new Routes(callsApi);
        Main main = Service.createMain(config, System.getenv(), routes);
        main.setShutdownStrategy(new SimpleMainShutdownStrategy()); // whose hook does not wait for the command
        Interruption interruption = Interruption.handle(System.err);
        CommandContext context = new CommandContext(main, routes, interruption);
        try {
            main.start();
            return context;
        } catch (Exception e) {
            context.close();
            throw e;
        }
    }

    CamelContext camel() {
        return main.getCamelContext();
    }

    Interruption interruption() {
        return interruption;
    }

    RotationSettings settings() {
        return requireNonNull(routes.settings);
    }

    KafkaClients kafka() {
        return new KafkaClients(camel());
    }

    /**
     * Returns the ledger, read to its end. Without its topic it is empty.
     *
     * @throws CommandException if Kafka does not answer
     * @throws org.keyrotation.routes.ledger.OtherApiException if it is of another API
     */
    Ledger ledger() throws Exception {
        if (ledger == null) {
            ledger = new Ledger(
                    camel(),
                    settings().ledger(),
                    settings().api().host(),
                    new SimpleMeterRegistry(),
                    false,
                    MAX_LEDGER_READ_TIME,
                    requireNonNull(routes.pools));
            camel().addService(ledger);
        }
        Ledger opened = ledger;
        return reading(() -> {
            opened.awaitReadToEndIfPresent();
            return opened;
        });
    }

    /**
     * Reads the open ledger to its end again, at most for this time.
     *
     * @throws OtherApiException if it is of another API
     */
    Ledger ledgerWithin(Duration timeout) throws InterruptedException, ExecutionException, TimeoutException {
        Ledger opened = requireNonNull(ledger);
        opened.readToEnd().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        opened.requireSameApi();
        return opened;
    }

    /**
     * Reads topics.
     *
     * @throws CommandException if Kafka does not answer
     * @throws OtherApiException if the ledger is of another API
     */
    <T> T reading(Callable<T> read) throws Exception {
        try {
            return read.call();
        } catch (OtherApiException e) {
            throw e;
        } catch (IllegalStateException | ExecutionException | KafkaException e) {
            throw noAnswer(e);
        }
    }

    /**
     * Returns the requests that are open now.
     *
     * @throws CommandException if Kafka does not answer
     */
    List<OpenRequest> openRequests() throws Exception {
        OpenRequests requests =
                new OpenRequests(camel(), settings().intake(), settings().retry(), Clock.systemUTC());
        return reading(requests::read);
    }

    /** An empty answer may be that of a wrong configuration. */
    void warnIfThereIsNoLedger() throws InterruptedException {
        String topic = settings().ledger().topic();
        if (!exists(topic)) {
            System.err.println(
                    "Topic %s does not exist: no service has started with this configuration yet".formatted(topic));
        }
    }

    /** Whether the topic exists. The question creates none. */
    boolean exists(String topic) throws InterruptedException {
        try {
            return kafka().exists(topic);
        } catch (IllegalStateException e) {
            throw noAnswer(e);
        }
    }

    /** Returns what the ledger, as last read, has of the current key; null if it has none. */
    @Nullable
    LastKey lastKey(CredentialId credential) {
        return ledger == null ? null : ledger.entry(credential).lastKey();
    }

    /** Returns the consumers that have not adopted the current keys of these credentials. */
    Map<CredentialId, List<String>> pendingAdoption(Collection<CredentialId> credentials) throws Exception {
        return reading(() -> CredentialStatuses.pendingAdoption(camel(), settings(), this::ledger, credentials));
    }

    /** Lists and reads credentials by the API. */
    CredentialLister credentials() {
        return new CredentialLister(camel(), Prefix.ROTATION, MAX_RETRY_TIME);
    }

    /** Returns the failure of a command whose call of Kafka, or of the ledger, has failed. */
    CommandException noAnswer(Exception e) {
        return new CommandException(
                ExitStatus.FAILED,
                e instanceof IllegalStateException ? String.valueOf(e.getMessage()) : kafka().noAnswer(e));
    }

    @Override
    public void close() {
        main.stop();
        interruption.close();
    }

    /** The routes to the API, if the command calls it. */
    private static final class Routes extends PrefixedRoutes {

        private final boolean callsApi;
        private @Nullable RotationSettings settings;
        private @Nullable ThreadPools pools;

        Routes(boolean callsApi) {
            super(Prefix.ROTATION);
            this.callsApi = callsApi;
        }

        private static ApiSettings impatient(ApiSettings api) {
            Duration timeout = api.responseTimeout();
            return new ApiSettings(
                    api.baseUrl(),
                    api.auth(),
                    api.companyAuth(),
                    api.connectTimeout(),
                    timeout.compareTo(MAX_RESPONSE_TIMEOUT) < 0 ? timeout : MAX_RESPONSE_TIMEOUT,
                    api.maxInFlight(),
                    api.requestsPerSecond(),
                    api.httpClient());
        }

        @Override
        protected void routes() throws Exception {
            settings = callsApi ? RotationSettings.from(getContext()) : RotationSettings.withoutApiAuth(getContext());
            pools = ThreadPools.create(getContext(), prefix());
            if (callsApi) {
                SimpleMeterRegistry meters = new SimpleMeterRegistry();
                ApiSettings api = impatient(settings.api());
                CompanyRateLimiter rateLimiter = new CompanyRateLimiter(api, meters, pools.routing());
                getContext().addRoutes(new ManagementApiRoutes(prefix(), api, api, rateLimiter, meters, pools));
            }
        }
    }
}
