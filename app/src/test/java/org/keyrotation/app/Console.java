package org.keyrotation.app;

import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The output of the sandbox on the terminal. */
final class Console {

    private static final int KEY_PREFIX_LENGTH = 9;

    private final PrintStream out;

    Console(PrintStream out) {
        this.out = out;
    }

    synchronized void println(String text) {
        out.println(text);
    }

    void printWelcome() {
        println(
                """

                key-rotation sandbox: a real Kafka broker, a simulated Adyen Management API, and the app between them.

                  rotation.requests --> key-rotation --> rotation.keys
                                             |
                                             v
                       POST /companies/{companyId}/apiCredentials/{apiCredentialId}/generateClientKey
                """);
    }

    void printFleet(SandboxOptions options, int requested) {
        println("The API has %d credentials; companies: %d. The sandbox requests the first %d."
                .formatted(options.credentials(), options.companies(), requested));
        println("");
    }

    void requested(RotationRequest request) {
        println("  requested  %s  request %s".formatted(request.credential(), request.requestId()));
    }

    void rotated(ClientKeyRotated key) {
        println("  rotated    %s  request %s  new key %s...  usable from %s  previous key expires %s"
                .formatted(
                        key.credential(),
                        key.requestId(),
                        key.clientKey().value().substring(0, KEY_PREFIX_LENGTH),
                        seconds(key.usableFrom()),
                        seconds(key.previousKeyExpiresAt())));
    }

    void failed(RotationFailed failure) {
        println("  FAILED     %s  request %s  %s: %s"
                .formatted(
                        failure.credential() == null ? "(no credential)" : failure.credential(),
                        failure.id(),
                        failure.code(),
                        failure.detail()));
    }

    void printNextSteps(SandboxBroker broker, SimulatedManagementApi api, CredentialId credential, int managementPort) {
        String request = "{\"companyId\":\"%s\",\"apiCredentialId\":\"%s\",\"force\":true}"
                .formatted(credential.companyId(), credential.apiCredentialId());
        println(
                """

                It runs until Ctrl-C and prints each outcome. In another terminal:

                  look and act (after mvn package -DskipTests)
                    export CAMEL_COMPONENT_KAFKA_BROKERS=%1$s
                    export ROTATION_API_BASE_URL=%5$s
                    export ROTATION_API_KEY=%4$s
                    PATH=$PATH:$PWD/app/target/key-rotation/bin
                    key-rotation status
                    key-rotation rotate %6$s --reason 'a try' --force --wait
                    key-rotation --help
                  or request a rotation with Kafka's tools
                    echo '%2$s' | kcat -P -b %1$s -t rotation.requests
                    echo '%2$s' | kafka-console-producer.sh --bootstrap-server %1$s --topic rotation.requests
                  read the new keys and the failures
                    kcat -C -b %1$s -t rotation.keys -o beginning
                    kcat -C -b %1$s -t rotation.failures -o beginning
                    kafka-console-consumer.sh --bootstrap-server %1$s --topic rotation.keys --from-beginning
                  call the API as the app does
                    curl -H 'X-API-Key: %4$s' %5$s/me
                  health and metrics
                    curl http://127.0.0.1:%3$d/observe/health
                    curl http://127.0.0.1:%3$d/observe/metrics
                """
                        .formatted(
                                broker.bootstrapServers(),
                                request,
                                managementPort,
                                api.apiKey(),
                                api.baseUrl(),
                                credential));
    }

    void printApi(SimulatedManagementApi api, CredentialId credential) {
        println(
                """

                Simulated Adyen Management API, runs until Ctrl-C

                  URL         %1$s
                  API key     %2$s
                  username    %3$s
                  password    %4$s
                  company     %5$s
                  credential  %6$s

                  curl -X POST -H 'X-API-Key: %2$s' \\
                    %1$s/companies/%5$s/apiCredentials/%6$s/generateClientKey
                """
                        .formatted(
                                api.baseUrl(),
                                api.apiKey(),
                                api.username(),
                                api.password(),
                                credential.companyId(),
                                credential.apiCredentialId()));
    }

    private static Instant seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }
}
