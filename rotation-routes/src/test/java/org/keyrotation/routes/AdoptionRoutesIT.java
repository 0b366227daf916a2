package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.Json;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.adoption.AdoptionRoutes;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TopicClient;

/** The check of adoption, which the test runs itself. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class AdoptionRoutesIT {

    private static final int STRANGERS = 3_000;

    private final SandboxBroker broker;
    private final SimulatedManagementApi api;
    private final TestTopics topics;
    private final String acknowledgements = TopicClient.uniqueName("acknowledgements");

    AdoptionRoutesIT(SandboxBroker broker, SimulatedManagementApi api, TestTopics topics) {
        this.broker = broker;
        this.api = api;
        this.topics = topics.with("rotation.topics.acknowledgements", acknowledgements)
                .with("rotation.adoption.consumers", "checkout,pos");
    }

    @Test
    @Tag("I2")
    @Tag("I7")
    void recordsOfStrangersCostAMetricAndChangeNothing() throws Exception {
        try (RunningRoutes routes = start(Clock.systemUTC())) {
            ClientKeyRotated key = rotate(routes);
            for (String rubbish : List.of("", "null", "{", "{\"consumer\":1}", "[]")) {
                send("AcmeCorp/S2-1/checkout", rubbish.getBytes(UTF_8));
            }
            send("AcmeCorp/S2-1/pos", new byte[900_000]);
            for (int i = 0; i < STRANGERS; i++) {
                acknowledge("stranger-" + i, key);
            }
            acknowledge("checkout", key);
            check(routes);

            assertThat(ignored(routes, "invalid")).isEqualTo(6);
            assertThat(ignored(routes, "unexpected-consumer")).isEqualTo(STRANGERS);
            assertThat(pending(routes, "checkout")).isZero();
            assertThat(pending(routes, "pos")).isOne();
        }
        assertThat(api.generateRequests()).hasSize(1);
    }

    @Test
    void acknowledgementThatALateOneFollowsIsSentAgain() throws Exception {
        try (RunningRoutes routes = start(Clock.systemUTC())) {
            ClientKeyRotated earlier = rotate(routes);
            ClientKeyRotated current = rotate(routes);
            acknowledge("checkout", current);
            acknowledge("checkout", earlier);
            check(routes);
            check(routes);

            assertThat(pending(routes, "checkout")).isZero();
        }
        List<KeyAcknowledgement> sent = broker.topics().readAll(acknowledgements).stream()
                .map(message -> KeyAcknowledgement.read(message.value()))
                .toList();
        assertThat(sent).hasSize(3);
        assertThat(sent.get(2)).isEqualTo(sent.get(0));
    }

    @Test
    @ResourceLock("logs")
    void consumerThatHasNotAdoptedAKeyIsLoggedAtHalfATwelfthAndTheEndOfTheOverlap() {
        try (RecordedLogs logs = RecordedLogs.at(Map.of("org.keyrotation", Level.INFO));
                RunningRoutes routes = start(api.clock())) {
            rotate(routes);
            int[] hours = {11, 2, 8, 2, 2, 24};
            int[] lines = {0, 1, 1, 2, 3, 3};
            for (int i = 0; i < hours.length; i++) {
                api.clock().advance(Duration.ofHours(hours[i]));
                check(routes);
                assertThat(logs.lines())
                        .as(i + "th check")
                        .filteredOn(line -> line.contains("checkout has not adopted 1 new keys"))
                        .hasSize(lines[i]);
            }
            assertThat(routes.meters()
                            .get("rotation.adoption.missed")
                            .tag("consumer", "checkout")
                            .counter()
                            .count())
                    .isOne();
        }
    }

    @Test
    @ResourceLock("logs")
    void groupThatMayNotBeDescribedIsLoggedOnce() {
        String group = TopicClient.uniqueName("secret");
        topics.with("rotation.adoption.consumers", group);
        deny(group);
        try (RecordedLogs logs = RecordedLogs.at(Map.of("org.keyrotation", Level.INFO));
                RunningRoutes routes = start(Clock.systemUTC())) {
            rotate(routes);
            check(routes);
            check(routes);

            assertThat(pending(routes, group)).isOne();
            assertThat(logs.lines())
                    .filteredOn(line -> line.contains("Cannot look up the offsets of consumer group " + group))
                    .hasSize(1);
        }
    }

    private RunningRoutes start(Clock clock) {
        return RunningRoutes.start(topics, clock).stopTimer(AdoptionRoutes.FOLLOW_ADOPTION);
    }

    private ClientKeyRotated rotate(RunningRoutes routes) {
        RotationRequest forced = new RotationRequest(null, COMPANY, "S2-1", null, null, null, true);
        return ((RotationOutcome.Rotated) routes.rotate(forced)).event();
    }

    private static void check(RunningRoutes routes) {
        routes.template().sendBody("direct:rotation-check-adoption", null);
    }

    private void acknowledge(String consumer, ClientKeyRotated key) throws JsonProcessingException {
        KeyAcknowledgement acknowledgement =
                KeyAcknowledgement.of(consumer, key, Instant.ofEpochMilli(System.currentTimeMillis()));
        send(acknowledgement.recordKey(), Json.mapper().writeValueAsBytes(acknowledgement));
    }

    private void send(String key, byte[] value) {
        broker.topics().send(acknowledgements, key.getBytes(UTF_8), value);
    }

    private static double pending(RunningRoutes routes, String consumer) {
        return routes.meters()
                .get("rotation.adoption.pending")
                .tag("consumer", consumer)
                .gauge()
                .value();
    }

    private static double ignored(RunningRoutes routes, String reason) {
        return routes.meters()
                .get("rotation.adoption.ignored")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private void deny(String group) {
        broker.topics()
                .addAcls(List.of(new AclBinding(
                        new ResourcePattern(ResourceType.GROUP, group, PatternType.LITERAL),
                        new AccessControlEntry("User:*", "*", AclOperation.DESCRIBE, AclPermissionType.DENY))));
    }
}
