package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.camel.main.Main;
import org.keyrotation.app.service.ConfigFile;
import org.keyrotation.app.service.Service;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationRoutes;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.sandbox.ApiOptions;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * The main class of {@code mvn -Psandbox}: a real Kafka broker, a simulated Management API, and the app connected to
 * both.
 *
 * @see SandboxOptions
 */
public final class Sandbox {

    private static final int REQUESTED_AT_START = 5;
    private static final long STOP_TIMEOUT_SECONDS = 20;
    private static final int SIGTERM_STATUS = 143;
    private static final int WRONG_OPTIONS = 2;

    private final Console console = new Console(System.out);
    private final SandboxOptions options;
    private final List<CredentialId> fleet;
    private final List<CredentialId> requestedAtStart;

    private Sandbox(SandboxOptions options) {
        this.options = options;
        this.fleet = options.fleet();
        this.requestedAtStart = fleet.subList(0, Math.min(REQUESTED_AT_START, fleet.size()));
    }

    /** Takes no arguments. Exits with status 1 if one of the first rotations failed, and 2 if an option is wrong. */
    public static void main(String[] args) throws Exception {
        ProcessHandle.current().parent().ifPresent(Sandbox::exitWith);
        Sandbox sandbox = new Sandbox(options());
        if (sandbox.options.apiOnly()) {
            sandbox.runApi();
        } else {
            CountDownLatch ended = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitStop(ended)));
            System.exit(sandbox.runAllUntil(ended));
        }
    }

    private static SandboxOptions options() {
        try {
            return SandboxOptions.read(System.getProperties());
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(WRONG_OPTIONS);
            throw e; // unreachable
        }
    }

    /** Maven does not forward SIGTERM, so this process ends with its parent and frees its ports. */
    private static void exitWith(ProcessHandle parent) {
        var unused = parent.onExit().thenRun(() -> System.exit(SIGTERM_STATUS));
    }

    private void runApi() throws InterruptedException {
        try (SimulatedManagementApi api = startApi()) {
            api.onRequest(request -> console.println(request.toString()));
            console.printApi(api, fleet.get(0));
            Thread.currentThread().join();
        }
    }

    private SimulatedManagementApi startApi() {
        SimulatedManagementApi api = SimulatedManagementApi.start(
                ApiOptions.defaults().withPort(options.apiPort()).withApiKey(SandboxOptions.API_KEY));
        fleet.forEach(credential -> api.addCredential(credential.companyId(), credential.apiCredentialId()));
        return api;
    }

    private SandboxBroker startBroker() {
        return options.port() == 0 ? SandboxBroker.start() : SandboxBroker.start(options.port());
    }

    /** Delays the JVM's exit: Camel's shutdown hook stops the app, but does not wait until the broker is closed. */
    private static void awaitStop(CountDownLatch ended) {
        try {
            boolean unused = ended.await(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int runAllUntil(CountDownLatch ended) throws Exception {
        try {
            return runAll();
        } finally {
            ended.countDown();
        }
    }

    private int runAll() throws Exception {
        int status;
        Main app;
        try (SandboxBroker broker = startBroker();
                SimulatedManagementApi api = startApi()) {
            int managementPort = ManagementPort.free();
            System.setProperty("camel.management.port", Integer.toString(managementPort));
            app = Service.createMain(ConfigFile.none(), Map.of(), new RotationRoutes(settings(api)));
            app.configure().setAutoConfigurationEnvironmentVariablesEnabled(false);
            app.addOverrideProperty("camel.component.kafka.brokers", broker.bootstrapServers());
            app.addOverrideProperty("camel.management.host", "127.0.0.1");
            CredentialId example = fleet.get(fleet.size() > 1 ? 1 : 0);
            status = run(app, broker, () -> console.printNextSteps(broker, api, example, managementPort));
        }
        app.completed(); // otherwise Camel's shutdown hook waits for it
        return status;
    }

    private int run(Main app, SandboxBroker broker, Runnable printNextSteps) throws Exception {
        app.start();
        try (OutcomePrinter outcomes = new OutcomePrinter(broker.bootstrapServers(), console)) {
            console.printWelcome();
            if (fleet.size() > requestedAtStart.size()) {
                console.printFleet(options, requestedAtStart.size());
            }
            boolean allRotated = requestRotations(broker, outcomes, app.getShutdownStrategy()::isRunAllowed);
            if (!options.once()) {
                printNextSteps.run();
                outcomes.printWhile(app.getShutdownStrategy()::isRunAllowed);
            }
            return allRotated ? 0 : 1;
        } finally {
            app.stop();
        }
    }

    private boolean requestRotations(SandboxBroker broker, OutcomePrinter outcomes, BooleanSupplier running)
            throws Exception {
        for (CredentialId credential : requestedAtStart) {
            RotationRequest request =
                    RotationRequest.of(credential).completed("demo-" + credential.apiCredentialId(), Instant.now());
            broker.topics()
                    .send(
                            "rotation.requests",
                            credential.toString().getBytes(UTF_8),
                            Json.mapper().writeValueAsBytes(request));
            console.requested(request);
        }
        return outcomes.print(requestedAtStart.size(), running);
    }

    /** The only settings of the app: the sandbox ignores the environment of a real service. */
    private static RotationSettings settings(SimulatedManagementApi api) {
        return RotationSettings.of(
                Map.of("rotation.api.base-url", api.baseUrl().toString(), "rotation.api.key", api.apiKey()));
    }
}
