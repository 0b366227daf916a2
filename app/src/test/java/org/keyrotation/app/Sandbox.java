package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
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
 * <ul>
 *   <li>{@code -Dsandbox.once=true} prints its rotations and exits, with status 1 if one failed;
 *   <li>{@code -Dsandbox.only=api} starts the API alone, on {@code -Dsandbox.api.port} (8089).
 * </ul>
 */
public final class Sandbox {

    private static final String COMPANY = "AcmeCorp";
    private static final List<CredentialId> CREDENTIALS = IntStream.rangeClosed(1, 5)
            .mapToObj(n -> new CredentialId(COMPANY, "S2-000" + n))
            .toList();

    private static final long STOP_TIMEOUT_SECONDS = 20;
    private static final int SIGTERM_STATUS = 143;

    private final Console console = new Console(System.out);

    private Sandbox() {}

    /** Takes no arguments; see the system properties above. */
    public static void main(String[] args) throws Exception {
        ProcessHandle.current().parent().ifPresent(Sandbox::exitWith);
        Sandbox sandbox = new Sandbox();
        if ("api".equals(System.getProperty("sandbox.only"))) {
            sandbox.runApi(System.getProperty("sandbox.api.port", "8089"));
        } else {
            CountDownLatch ended = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitStop(ended)));
            System.exit(sandbox.runAllUntil(ended, Boolean.getBoolean("sandbox.once")));
        }
    }

    /** Maven does not forward SIGTERM, so this process ends with its parent and frees its ports. */
    private static void exitWith(ProcessHandle parent) {
        var unused = parent.onExit().thenRun(() -> System.exit(SIGTERM_STATUS));
    }

    private void runApi(String port) throws InterruptedException {
        if (!ManagementPort.isFree(port)) {
            console.println("-Dsandbox.api.port: invalid value '" + port + "', expected a free port");
            System.exit(1);
        }
        try (SimulatedManagementApi api =
                SimulatedManagementApi.start(ApiOptions.defaults().withPort(Integer.parseInt(port)))) {
            addCredentials(api);
            api.onRequest(request -> console.println(request.toString()));
            console.printApi(api, CREDENTIALS.get(0));
            Thread.currentThread().join();
        }
    }

    /** Delays the JVM's exit: Camel's shutdown hook stops the app, but does not wait until the broker is closed. */
    private static void awaitStop(CountDownLatch ended) {
        try {
            boolean unused = ended.await(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int runAllUntil(CountDownLatch ended, boolean once) throws Exception {
        try {
            return runAll(once);
        } finally {
            ended.countDown();
        }
    }

    private int runAll(boolean once) throws Exception {
        int managementPort = ManagementPort.free();
        System.setProperty("camel.management.port", Integer.toString(managementPort));
        int status;
        Main app;
        try (SandboxBroker broker = SandboxBroker.start();
                SimulatedManagementApi api = SimulatedManagementApi.start()) {
            addCredentials(api);
            app = Service.createMain(ConfigFile.none(), Map.of(), new RotationRoutes(settings(api)));
            app.configure().setAutoConfigurationEnvironmentVariablesEnabled(false);
            app.addOverrideProperty("camel.component.kafka.brokers", broker.bootstrapServers());
            app.addOverrideProperty("camel.management.host", "127.0.0.1");
            status = run(
                    app, broker, once, () -> console.printNextSteps(broker, api, CREDENTIALS.get(1), managementPort));
        }
        app.completed(); // otherwise Camel's shutdown hook waits for it
        return status;
    }

    private int run(Main app, SandboxBroker broker, boolean once, Runnable printNextSteps) throws Exception {
        app.start();
        try (OutcomePrinter outcomes = new OutcomePrinter(broker.bootstrapServers(), console)) {
            console.printWelcome();
            boolean allRotated = requestRotations(broker, outcomes, app.getShutdownStrategy()::isRunAllowed);
            if (!once) {
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
        for (CredentialId credential : CREDENTIALS) {
            RotationRequest request =
                    RotationRequest.of(credential).completed("demo-" + credential.apiCredentialId(), Instant.now());
            broker.topics()
                    .send(
                            "rotation.requests",
                            credential.toString().getBytes(UTF_8),
                            Json.mapper().writeValueAsBytes(request));
            console.requested(request);
        }
        return outcomes.print(CREDENTIALS.size(), running);
    }

    private static void addCredentials(SimulatedManagementApi api) {
        CREDENTIALS.forEach(credential -> api.addCredential(credential.companyId(), credential.apiCredentialId()));
    }

    /** The only settings of the app: the sandbox ignores the environment of a real service. */
    private static RotationSettings settings(SimulatedManagementApi api) {
        return RotationSettings.of(
                Map.of("rotation.api.base-url", api.baseUrl().toString(), "rotation.api.key", api.apiKey()));
    }
}
