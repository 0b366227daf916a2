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
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationRoutes;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.sandbox.ApiOptions;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * {@code mvn -Psandbox}: a real Kafka broker, a simulated Management API, and the app wired to both.
 *
 * <ul>
 *   <li>{@code -Dsandbox.once=true} shows its rotations and ends, with status 1 where one failed;
 *   <li>{@code -Dsandbox.only=api} starts the API alone, on {@code -Dsandbox.api.port} (8089).
 * </ul>
 */
public final class Sandbox {

    private static final String COMPANY = "AcmeCorp";
    private static final List<CredentialId> CREDENTIALS = IntStream.rangeClosed(1, 5)
            .mapToObj(n -> new CredentialId(COMPANY, "S2-000" + n))
            .toList();

    private static final long LONGEST_STOP_SECONDS = 20;
    private static final int STATUS_OF_A_SIGTERM = 143;

    private final Screen screen = new Screen(System.out);

    private Sandbox() {}

    /** Takes no arguments; see the system properties above. */
    public static void main(String[] args) throws Exception {
        ProcessHandle.current().parent().ifPresent(Sandbox::endWith);
        Sandbox sandbox = new Sandbox();
        if ("api".equals(System.getProperty("sandbox.only"))) {
            sandbox.apiAlone(System.getProperty("sandbox.api.port", "8089"));
        } else {
            CountDownLatch ended = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> await(ended)));
            System.exit(sandbox.everythingUntil(ended, Boolean.getBoolean("sandbox.once")));
        }
    }

    /** Maven hands no SIGTERM on: what it started would keep its ports. */
    private static void endWith(ProcessHandle starter) {
        var unused = starter.onExit().thenRun(() -> System.exit(STATUS_OF_A_SIGTERM));
    }

    private void apiAlone(String port) throws InterruptedException {
        if (!ManagementPort.isFree(port)) {
            screen.line("-Dsandbox.api.port: '" + port + "' is no port that is free");
            System.exit(1);
        }
        try (SimulatedManagementApi api =
                SimulatedManagementApi.start(ApiOptions.defaults().withPort(Integer.parseInt(port)))) {
            addCredentials(api);
            api.onRequest(request -> screen.line(request.toString()));
            screen.apiAlone(api, CREDENTIALS.get(0));
            Thread.currentThread().join();
        }
    }

    /** Camel's own hook sees to it that all is stopped, but waits for the app alone, and not until its broker is gone. */
    private static void await(CountDownLatch ended) {
        try {
            boolean unused = ended.await(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int everythingUntil(CountDownLatch ended, boolean once) throws Exception {
        try {
            return everything(once);
        } finally {
            ended.countDown();
        }
    }

    private int everything(boolean once) throws Exception {
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
            status = run(app, broker, once, () -> screen.whatNext(broker, api, CREDENTIALS.get(1), managementPort));
        }
        app.completed(); // or Camel's shutdown hook would wait for it
        return status;
    }

    private int run(Main app, SandboxBroker broker, boolean once, Runnable whatNext) throws Exception {
        app.start();
        try (Outcomes outcomes = new Outcomes(broker.bootstrapServers(), screen)) {
            screen.welcome();
            boolean allRotated = rotate(broker, outcomes, app.getShutdownStrategy()::isRunAllowed);
            if (!once) {
                whatNext.run();
                outcomes.showWhile(app.getShutdownStrategy()::isRunAllowed);
            }
            return allRotated ? 0 : 1;
        } finally {
            app.stop();
        }
    }

    private boolean rotate(SandboxBroker broker, Outcomes outcomes, BooleanSupplier running) throws Exception {
        for (CredentialId credential : CREDENTIALS) {
            RotationRequest request =
                    RotationRequest.of(credential).completed("demo-" + credential.apiCredentialId(), Instant.now());
            broker.topics()
                    .send(
                            "rotation.requests",
                            credential.toString().getBytes(UTF_8),
                            Json.mapper().writeValueAsBytes(request));
            screen.asked(request);
        }
        return outcomes.show(CREDENTIALS.size(), running);
    }

    private static void addCredentials(SimulatedManagementApi api) {
        CREDENTIALS.forEach(credential -> api.addCredential(credential.companyId(), credential.apiCredentialId()));
    }

    /** All that there are: whatever the environment holds for a real service has no part in this. */
    private static RotationSettings settings(SimulatedManagementApi api) {
        return RotationSettings.of(
                Map.of("rotation.api.base-url", api.baseUrl().toString(), "rotation.api.key", api.apiKey()));
    }
}
