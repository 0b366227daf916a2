package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.startup.TopicFindings;
import org.keyrotation.routes.startup.TopicProvisioner;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TlsStores;

/**
 * The Kafka users of the Kubernetes manifests, at a broker that allows what they name and nothing else, with the configuration
 * of the manifests: everything works, and nothing of it is too much.
 */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.SAME_THREAD)
class PermissionsIT {

    private static final String COMPANY = "AcmeCorp";
    private static final String SERVICE = "key-rotation";
    private static final String OPERATOR = "key-rotation-operator";
    private static final String REQUESTER = "key-rotation-requester";
    private static final String CONSUMER = "checkout";

    private static TlsStores tls;
    private static SandboxBroker broker;
    private static KafkaPermissions permissions;

    private final Path directory;
    private SimulatedManagementApi api;

    PermissionsIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeAll
    static void createUsers(@TempDir Path directory) throws Exception {
        tls = TlsStores.createIn(directory);
        broker = SandboxBroker.startWithUsers(tls);
        permissions = KafkaPermissions.create(broker, tls);
    }

    @AfterAll
    static void stopTheBroker() {
        permissions.close();
        broker.close();
    }

    @BeforeEach
    void setUp(SimulatedManagementApi fresh) {
        api = fresh;
        Stream.of("S2-1", "S2-2", "S2-3", "S2-4").forEach(id -> api.addCredential(COMPANY, id));
    }

    @Test
    void everythingWorksWithWhatTheManifestsAllow() throws Exception {
        api.faults()
                .failNext(
                        COMPANY,
                        "S2-2",
                        Collections.nCopies(5, Fault.status(503)).toArray(Fault[]::new));
        try (AppProcess service = launch("serve");
                KafkaConsumer<byte[], byte[]> keys = consumer(CONSUMER, CONSUMER)) {
            service.awaitReady();
            keys.subscribe(List.of("rotation.keys"));
            request("S2-1", Instant.now());
            acknowledge(nextKey(keys, "S2-1"));
            request("S2-1", Instant.now().minusSeconds(60));
            request("S2-2", Instant.now());
            nextKey(keys, "S2-2");

            Awaitility.await("the adoption")
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> run(0, OPERATOR, "status", COMPANY + "/S2-1").contains("ADOPTED"));
            run(1, OPERATOR, "rotate", COMPANY + "/S2-4", COMPANY + "/S2-unknown", "--reason=any", "--wait");
            nextKey(keys, "S2-4");
            assertThat(run(0, OPERATOR, "failures")).contains("CREDENTIAL_NOT_FOUND");
            run(1, OPERATOR, "replay", "--company=" + COMPANY, "--wait");
            assertThat(run(0, OPERATOR, "plan")).contains(COMPANY + "/S2-3");
            run(0, OPERATOR, "pause");
            run(0, OPERATOR, "resume");
            assertThat(service.terminate()).isIn(0, 143);
        }
        assertThat(broker.topics().readAll("rotation.requests.retry.1")).isNotEmpty();
        assertThat(broker.topics().readAll("rotation.satisfied")).isNotEmpty();
        assertThat(run(0, SERVICE, "check")).doesNotContain("warning", "failed");
        try (AppProcess job = launch("run")) {
            assertThat(job.exit()).as(job.toString()).isZero();
            assertThat(job.output()).contains(COMPANY + "/S2-3");
        }
    }

    /** The service's readiness and {@code check} report the same findings. */
    @Test
    void serviceMissesEachOfItsPermissions() throws Exception {
        for (AclBinding binding : KafkaPermissions.of(SERVICE)) {
            assertMissed(binding, () -> isMissedByTheService(binding));
        }
    }

    private boolean isMissedByTheService(AclBinding binding) throws Exception {
        String resource = binding.pattern().name();
        boolean isRead = binding.entry().operation() == AclOperation.READ;
        if (binding.pattern().resourceType() == ResourceType.GROUP) {
            return isRead ? isForbidden(() -> readRequests(resource)) : isForbidden(() -> describe(SERVICE, resource));
        }
        if (isRead && List.of("rotation.failures", "rotation.satisfied").contains(resource)) {
            String fresh = "S2-" + resource;
            api.addCredential(COMPANY, fresh);
            request(fresh, Instant.now());
            try (AppProcess job = launch("run")) {
                return job.exit() == 1 && job.output().contains("uthoriz");
            }
        }
        return findings().stream()
                .filter(found -> found.topic().startsWith(resource))
                .anyMatch(found ->
                        !(found.problems().isEmpty() && found.warnings().isEmpty()));
    }

    private static void readRequests(String group) {
        try (KafkaConsumer<byte[], byte[]> member = consumer(SERVICE, group)) {
            member.subscribe(List.of("rotation.requests"));
            pollAssigned(member);
        }
    }

    /** As for the state RECEIVED of a consumer. */
    private static void describe(String user, String group) throws Exception {
        try (Admin admin = Admin.create(permissions.client(user))) {
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
        }
    }

    private static void pollAssigned(KafkaConsumer<byte[], byte[]> consumer) {
        while (consumer.assignment().isEmpty()) {
            consumer.poll(Duration.ofMillis(100));
        }
        consumer.poll(Duration.ofMillis(500));
    }

    private static List<TopicFindings> findings() throws Exception {
        RotationSettings settings = RotationSettings.of(Map.of(
                "rotation.api.key", "any", "rotation.adoption.consumers", CONSUMER, "rotation.topics.create", "false"));
        TopicProvisioner topics = new TopicProvisioner(
                Prefix.ROTATION,
                settings.topics(),
                settings.intake(),
                settings.retry(),
                settings.publish(),
                settings.ledger(),
                settings.adoption());
        try (Admin admin = Admin.create(permissions.client(SERVICE))) {
            return topics.inspectEach(admin);
        }
    }

    @Test
    void operatorMissesEachOfTheirPermissions() throws Exception {
        for (AclBinding binding : KafkaPermissions.of(OPERATOR)) {
            boolean isOfAConsumer = binding.pattern().name().equals(CONSUMER);
            assertMissed(
                    binding,
                    () -> isOfAConsumer
                            ? isForbidden(() -> describe(OPERATOR, CONSUMER))
                            : isRefused(OPERATOR, commandThatNeeds(binding)));
        }
    }

    private static String[] commandThatNeeds(AclBinding binding) {
        boolean isWrite = binding.entry().operation() == AclOperation.WRITE;
        if (isWrite && binding.pattern().name().equals("rotation.ledger")) {
            return new String[] {"pause"};
        }
        return isWrite
                ? new String[] {"rotate", COMPANY + "/S2-1", "--reason=any"}
                : new String[] {"status", COMPANY + "/S2-1"};
    }

    @Test
    void requesterAndConsumerMissEachOfTheirPermissions() throws Exception {
        for (AclBinding binding : KafkaPermissions.of(REQUESTER)) {
            assertMissed(binding, () -> isForbidden(() -> request("S2-1", Instant.now())));
        }
        for (AclBinding binding : KafkaPermissions.of(CONSUMER)) {
            boolean isWrite = binding.entry().operation() == AclOperation.WRITE;
            assertMissed(
                    binding,
                    () -> isForbidden(() -> {
                        if (isWrite) {
                            send(CONSUMER, "rotation.acknowledgements", "any", "{}");
                            return;
                        }
                        try (KafkaConsumer<byte[], byte[]> keys = consumer(CONSUMER, CONSUMER)) {
                            keys.subscribe(List.of("rotation.keys"));
                            pollAssigned(keys);
                        }
                    }));
        }
    }

    private static void assertMissed(AclBinding binding, Callable<Boolean> isMissed) throws Exception {
        permissions.forbid(binding);
        assertThat(isMissed.call()).as("missed: " + binding).isTrue();
        permissions.allow(List.of(binding));
    }

    private static boolean isForbidden(ThrowingCallable action) {
        Throwable failure = catchThrowable(action);
        return failure instanceof AuthorizationException
                || (failure != null && failure.getCause() instanceof AuthorizationException);
    }

    private void request(String apiCredentialId, Instant requestedAt) throws Exception {
        RotationRequest request = RotationRequest.of(new CredentialId(COMPANY, apiCredentialId))
                .completed("request-" + UUID.randomUUID(), requestedAt);
        String key = request.credential().toString();
        send(REQUESTER, "rotation.requests", key, Json.mapper().writeValueAsString(request));
    }

    private void acknowledge(ClientKeyRotated key) throws Exception {
        KeyAcknowledgement acknowledgement = KeyAcknowledgement.of(CONSUMER, key, Instant.now());
        send(
                CONSUMER,
                "rotation.acknowledgements",
                acknowledgement.recordKey(),
                Json.mapper().writeValueAsString(acknowledgement));
    }

    private static ClientKeyRotated nextKey(KafkaConsumer<byte[], byte[]> keys, String apiCredentialId) {
        return Awaitility.await("the key of " + apiCredentialId)
                .pollInSameThread() // a consumer is not thread-safe
                .atMost(Duration.ofMinutes(3))
                .until(
                        () -> {
                            ClientKeyRotated found = null;
                            for (ConsumerRecord<byte[], byte[]> polled : keys.poll(Duration.ofMillis(100))) {
                                ClientKeyRotated key = Json.mapper().readValue(polled.value(), ClientKeyRotated.class);
                                found = key.apiCredentialId().equals(apiCredentialId) ? key : found;
                            }
                            return found;
                        },
                        Objects::nonNull);
    }

    private static void send(String user, String topic, String key, String value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(permissions.client(user), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value.getBytes(UTF_8)))
                    .get();
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String user, String group) {
        Map<String, Object> client = new HashMap<>(permissions.client(user));
        client.put("group.id", group);
        client.put("auto.offset.reset", "earliest");
        client.put("enable.auto.commit", false);
        return new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The service, or its job. */
    private AppProcess launch(String command) throws IOException {
        return AppProcess.packaged()
                .arguments(command, "--config=" + config(SERVICE))
                .start();
    }

    private String run(int expectedExit, String user, String... command) throws IOException {
        CommandResult result = result(user, command);
        assertThat(result.exit()).as(result.toString()).isEqualTo(expectedExit);
        return result.out();
    }

    /** Whether the command fails because the brokers do not allow something. */
    private boolean isRefused(String user, String... command) throws IOException {
        CommandResult result = result(user, command);
        return result.exit() == 1 && result.toString().contains("uthoriz");
    }

    private CommandResult result(String user, String... command) throws IOException {
        return CommandResult.of(Stream.concat(Stream.of(command), Stream.of("--config=" + config(user)))
                .toArray(String[]::new));
    }

    /** The configuration of the manifests, at this broker and this API, with the files of this user in place of the mounts. */
    private Path config(String user) throws IOException {
        Path jaas = Files.createDirectories(directory.resolve(user)).resolve("sasl.jaas.config");
        Files.writeString(jaas, KafkaPermissions.jaasConfig(user));
        Path apiKey = Files.writeString(directory.resolve("api-key"), api.apiKey() + "\n");
        String manifest = Files.readString(Manifests.DIRECTORY.resolve("base/rotation.properties"));
        String config = manifest.replace("kafka-kafka-bootstrap:9093", broker.usersBootstrapServers())
                .replace("/run/secrets/kafka-ca/ca.crt", tls.serverCertificate().toString())
                .replace("/run/secrets/kafka-user/sasl.jaas.config", jaas.toString())
                .replace("/run/secrets/adyen/api-key", apiKey.toString())
                .replaceAll("(?m)^rotation.api.base-url=.*$", "rotation.api.base-url=" + api.baseUrl());
        assertThat(config).doesNotContain("=/run", "file:/run");
        String more =
                """
                camel.management.port=0
                rotation.adoption.consumers=%s
                rotation.retry.delays=PT1S,PT1S,PT1S
                rotation.schedule.companies=%s
                rotation.schedule.first-rotation=now
                rotation.schedule.spread=PT0S
                """;
        return Files.writeString(
                directory.resolve(user).resolve("rotation.properties"), config + more.formatted(CONSUMER, COMPANY));
    }
}
