package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.keyrotation.routes.TestTopics.COMPANY;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.sandbox.KeyEvents;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.TopicClient;

/** The Kamelet {@code rotated-client-keys-source}, with keys that the test publishes. */
@ExtendWith(TestTopicsExtension.class)
@Tag("embedding")
@Tag("kamelets")
@Execution(ExecutionMode.CONCURRENT)
class RotatedClientKeysSourceIT {

    private static final Duration ACTIVATION_DELAY = Duration.ofSeconds(3);

    private final SandboxBroker broker;
    private String topic = TopicClient.uniqueName("keys");
    private final String acknowledgements = TopicClient.uniqueName("acknowledgements");
    private final String group = TopicClient.uniqueName("shop");
    private final List<Delivered> delivered = new CopyOnWriteArrayList<>();

    private CamelContext context = new DefaultCamelContext();

    /** A key as the route received it. */
    private record Delivered(ClientKeyRotated key, Map<String, Object> headers, Instant at, CamelContext host) {

        static Delivered of(Exchange exchange) throws JsonProcessingException {
            String body = exchange.getMessage().getBody(String.class);
            return new Delivered(
                    Json.mapper().readValue(body, ClientKeyRotated.class),
                    Map.copyOf(exchange.getMessage().getHeaders()),
                    Instant.now(),
                    exchange.getContext());
        }

        String text() {
            return key.clientKey().value();
        }
    }

    RotatedClientKeysSourceIT(SandboxBroker broker) {
        this.broker = broker;
        broker.createTopic(topic, 2, Map.of("cleanup.policy", "compact"));
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void keyIsDeliveredAtItsUsableFromWithTheAttributesOfItsEvent() {
        start("acknowledgeAs=shop");
        ClientKeyRotated key = publish("S2-1", "one", ACTIVATION_DELAY);
        await(() -> !delivered.isEmpty());

        assertThat(delivered).hasSize(1).allSatisfy(each -> {
            assertThat(each.key).isEqualTo(key);
            assertThat(each.at).isAfterOrEqualTo(key.usableFrom());
            assertThat(each.headers).containsEntry("ce_id", "of-one").doesNotContainKey("CamelHttpUri");
        });
    }

    @Test
    void waitingKeysDelayNoOthersAndThoseOfACredentialAreInOrder() {
        start("");
        publish("S2-1", "waits", Duration.ofHours(1));
        publish("S2-2", "first", Duration.ZERO);
        await(() -> delivered.size() == 1);
        publish("S2-2", "second", Duration.ZERO);
        publish("S2-3", "third", Duration.ZERO);
        await(() -> delivered.size() == 3);

        assertThat(delivered.stream().filter(each -> each.key.apiCredentialId().equals("S2-2")))
                .extracting(Delivered::text)
                .containsExactly("first", "second");
    }

    @Test
    void keyIsSkippedOnceANewerOneOfItsCredentialHasCome() {
        start("");
        publish("S2-1", "older", ACTIVATION_DELAY.multipliedBy(5));
        ClientKeyRotated newer = publish("S2-1", "newer", ACTIVATION_DELAY.multipliedBy(6));
        await(() -> !delivered.isEmpty());

        assertThat(delivered).extracting(Delivered::key).containsExactly(newer);
        assertThat(delivered.get(0).at).isAfterOrEqualTo(newer.usableFrom());
        awaitCommitted();
    }

    @Test
    void failingKeyIsDeliveredAgainUntilANewerOneHasComeAndDelaysNoOtherCredential() {
        start("", key -> !key.text().equals("bad"));
        publish("S2-1", "bad", Duration.ZERO);
        await(() -> texts().stream().filter("bad"::equals).count() >= 2);
        publish("S2-2", "other", Duration.ZERO);
        await(() -> texts().contains("other"));
        publish("S2-1", "good", Duration.ZERO);
        await(() -> texts().contains("good"));

        awaitCommitted();
        assertThat(texts()).endsWith("good");
    }

    @Test
    void keyThatWaitsAtAStopIsDeliveredAfterTheNextStartAndNotEarlier() {
        start("");
        publish("S2-2", "delivered", Duration.ZERO);
        await(() -> !delivered.isEmpty());
        ClientKeyRotated key = publish("S2-1", "waits", ACTIVATION_DELAY.multipliedBy(5));
        stop();
        assertThat(delivered).hasSize(1);

        start("");
        await(() -> texts().contains("waits"));
        stop();
        assertThat(delivered.get(delivered.size() - 1).at).isAfterOrEqualTo(key.usableFrom());
    }

    @Test
    void keysThatWaitDuringARebalanceAreDeliveredByTheirNewOwnerAndNotEarly() {
        start("");
        CamelContext one = context;
        publish("S2-0", "first", Duration.ZERO);
        await(() -> delivered.size() == 1);
        for (int i = 1; i <= 20; i++) {
            publish("S2-" + i, "waits-" + i, ACTIVATION_DELAY.multipliedBy(10));
        }

        start("");
        await(() -> broker.topics().activeMembers(group) == 2);
        await(() -> delivered.stream().map(Delivered::text).distinct().count() == 21);
        one.stop();

        assertThat(delivered).extracting(Delivered::host).contains(one, context);
        assertThat(delivered).allSatisfy(each -> assertThat(each.at).isAfterOrEqualTo(each.key.usableFrom()));
        awaitCommitted();
    }

    @Test
    void healthCheckIsDownWhileTheTopicDoesNotExist() {
        topic = TopicClient.uniqueName("keys");
        start("");

        await(() -> downReasons().equals(List.of("The topic " + topic + " does not exist")));

        broker.createTopic(topic, 1, Map.of());
        await(() -> downReasons().isEmpty());
    }

    @Test
    void atOnceDeliversEveryKeyBeforeItsUsableFrom() {
        start("deliver=at-once");
        publish("S2-1", "older", Duration.ofHours(1));
        publish("S2-1", "newer", Duration.ofHours(1));
        await(() -> delivered.size() == 2);

        assertThat(texts()).containsExactly("older", "newer");
    }

    @Test
    void keyIsAcknowledgedAfterItsRouteHasSucceeded() {
        broker.createTopic(acknowledgements, 1, Map.of("cleanup.policy", "compact"));
        List<Integer> acknowledgedBefore = new CopyOnWriteArrayList<>();
        start("acknowledgeAs=shop", key -> {
            acknowledgedBefore.add(acknowledged().size());
            return acknowledgedBefore.size() > 1;
        });
        ClientKeyRotated key = publish("S2-1", "one", Duration.ZERO);
        await(() -> !acknowledged().isEmpty());
        awaitCommitted();

        assertThat(acknowledgedBefore).containsExactly(0, 0);
        assertThat(acknowledged()).hasSize(1).allSatisfy(acknowledgement -> {
            assertThat(acknowledgement.consumer()).isEqualTo("shop");
            assertThat(acknowledgement.credential()).isEqualTo(key.credential());
            assertThat(acknowledgement.keyFingerprint()).isEqualTo(key.keyFingerprint());
            assertThat(acknowledgement.instance()).isNotBlank();
        });
        assertThat(broker.topics().readAll(acknowledgements).get(0).key())
                .asString(UTF_8)
                .isEqualTo("AcmeCorp/S2-1/shop");
    }

    @Test
    void keysAreDeliveredOnceWithoutATopicOfAcknowledgementsAndAcknowledgedOnceThereIsOne() {
        start("acknowledgeAs=shop");
        publish("S2-1", "one", Duration.ZERO);
        publish("S2-2", "two", Duration.ZERO);
        await(() -> delivered.size() == 2);
        broker.createTopic(acknowledgements, 1, Map.of("cleanup.policy", "compact"));

        awaitCommitted();
        assertThat(texts()).containsExactlyInAnyOrder("one", "two");
        assertThat(acknowledged()).hasSize(2);
    }

    @Test
    void twoSourcesOfATopicWithoutAGroupReceiveEachKey() throws Exception {
        start("");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                String source = "kamelet:rotated-client-keys-source/%s?topic=" + topic;
                from(source.formatted("one")).process(exchange -> receive(Delivered.of(exchange), key -> true));
                from(source.formatted("two")).process(exchange -> receive(Delivered.of(exchange), key -> true));
            }
        });
        publish("S2-1", "one", Duration.ZERO);

        await(() -> delivered.size() == 3);
    }

    @Test
    void recordThatIsNoKeyDoesNotTakeThePlaceOfOneThatWaits() {
        start("");
        publish("S2-1", "waits", ACTIVATION_DELAY);
        broker.topics().send(topic, "AcmeCorp/S2-1".getBytes(UTF_8), "{}".getBytes(UTF_8));
        broker.topics().send(topic, "AcmeCorp/S2-1".getBytes(UTF_8), null);

        awaitCommitted();
        assertThat(texts()).containsExactly("waits");
    }

    @Test
    void keyThatIsSupersededWhileItWaitsForItsTurnIsSkipped() {
        CountDownLatch slow = new CountDownLatch(1);
        start("", key -> !key.text().equals("slow") || await(slow));
        publish("S2-2", "slow", Duration.ZERO);
        await(() -> delivered.size() == 1);
        publish("S2-1", "older", Duration.ZERO);
        publish("S2-1", "newer", Duration.ZERO);
        await(() -> broker.topics().recordCount(topic) == 3);
        Awaitility.await().pollDelay(Duration.ofSeconds(5)).until(() -> true); // both are polled by then
        slow.countDown();

        awaitCommitted();
        assertThat(texts()).containsExactly("slow", "newer");
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void routeThatRollsBackGetsTheKeyAgain() {
        start("", key -> true, Map.of(), exchange -> {
            if (delivered.size() < 2) {
                exchange.setRollbackOnlyLast(true);
            }
        });
        publish("S2-1", "one", Duration.ZERO);

        await(() -> delivered.size() == 2);
        awaitCommitted();
    }

    @Test
    void recordThatIsNoKeyIsSkipped() {
        for (String value : List.of("", "{}", "null", "{\"clientKey\":\"x\"}")) {
            broker.topics().send(topic, "AcmeCorp/S2-1".getBytes(UTF_8), value.getBytes(UTF_8));
        }
        broker.topics().send(topic, "AcmeCorp/S2-1".getBytes(UTF_8), null);
        start("");
        publish("S2-1", "one", Duration.ZERO);
        await(() -> !delivered.isEmpty());

        awaitCommitted();
        assertThat(texts()).containsExactly("one");
    }

    @ParameterizedTest
    @CsvSource({
        "deliver=later, deliver: invalid value 'later'",
        "acknowledgeAs=a shop, acknowledgeAs: invalid value 'a shop'",
        "autoOffsetReset=begin, autoOffsetReset: invalid value 'begin'"
    })
    void invalidPropertyStopsTheStartWithTheExpectedValue(String property, String problem) {
        assertThatThrownBy(() -> start(property))
                .hasStackTraceContaining(problem)
                .rootCause()
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void misspeltPropertyStopsTheStart() {
        assertThatThrownBy(() ->
                        start("", key -> true, Map.of("camel.kamelet.rotated-client-keys-source.acknowledgAs", "shop")))
                .hasStackTraceContaining("camel.kamelet.rotated-client-keys-source.acknowledgAs: unknown property")
                .hasStackTraceContaining("acknowledgeAs");
    }

    /** With every logger at TRACE, but for those that the README turns off. */
    @Test
    @Tag("I6")
    @ResourceLock("logs")
    void keyIsInNoLog() {
        broker.createTopic(acknowledgements, 1, Map.of());
        Map<String, Level> levels = Map.of("ROOT", Level.TRACE, "org.apache.kafka", Level.INFO);
        try (RecordedLogs logs = RecordedLogs.at(levels)) {
            start("acknowledgeAs=shop", key -> delivered.size() > 1);
            publish("S2-1", "CANARY-of-the-test", Duration.ZERO);
            await(() -> delivered.size() == 2);
            awaitCommitted();

            assertThat(logs.lines()).isNotEmpty().noneMatch(line -> line.contains("CANARY"));
        }
    }

    private void start(String options) {
        start(options, key -> true);
    }

    private void start(String options, Predicate<Delivered> accepts) {
        start(options, accepts, Map.of());
    }

    private void start(String options, Predicate<Delivered> accepts, Map<String, String> properties) {
        start(options, accepts, properties, exchange -> {});
    }

    private void start(String options, Predicate<Delivered> accepts, Map<String, String> properties, Processor last) {
        context = new DefaultCamelContext();
        KafkaConfiguration kafka =
                context.getComponent("kafka", KafkaComponent.class).getConfiguration();
        kafka.setBrokers(broker.bootstrapServers());
        kafka.setMetadataMaxAgeMs(5_000); // a new topic is noticed by then
        properties.forEach(context.getPropertiesComponent()::addInitialProperty);
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler()); // Camel's own would log the planted exception
                    from("kamelet:rotated-client-keys-source?topic=%s&consumerGroup=%s&acknowledgementsTopic=%s%s"
                                    .formatted(topic, group, acknowledgements, options.isEmpty() ? "" : "&" + options))
                            .process(exchange -> receive(Delivered.of(exchange), accepts))
                            .process(last);
                }
            });
            context.start();
        } catch (Exception e) {
            throw new IllegalStateException("the host does not start", e);
        }
    }

    private void receive(Delivered key, Predicate<Delivered> accepts) {
        delivered.add(key);
        if (!accepts.test(key)) {
            throw new IllegalStateException("planted, with the key " + key.text());
        }
    }

    private ClientKeyRotated publish(String apiCredentialId, String clientKey, Duration activationDelay) {
        ClientKeyRotated event =
                KeyEvents.rotatedNow(new CredentialId(COMPANY, apiCredentialId), clientKey, activationDelay);
        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_id", event.id().getBytes(UTF_8));
        headers.add("CamelHttpUri", "http://example.org".getBytes(UTF_8));
        try {
            broker.topics()
                    .send(
                            topic,
                            event.credential().toString().getBytes(UTF_8),
                            Json.mapper().writeValueAsBytes(event),
                            headers);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return event;
    }

    /** Returns why consumers are DOWN, as Camel's health check of them reports it. */
    private List<String> downReasons() {
        return requireNonNull(HealthCheckHelper.getHealthCheckRepository(context, "consumers")).stream()
                .map(HealthCheck::call)
                .filter(result -> result.getState() == HealthCheck.State.DOWN)
                .map(result -> result.getMessage().orElse(""))
                .toList();
    }

    private List<String> texts() {
        return delivered.stream().map(Delivered::text).toList();
    }

    private List<KeyAcknowledgement> acknowledged() {
        return broker.topics().readAll(acknowledgements).stream()
                .map(ConsumerRecord::value)
                .map(KeyAcknowledgement::read)
                .toList();
    }

    private void awaitCommitted() {
        await(() -> broker.topics().lag(group, topic) == 0);
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(TestTopics.TIMEOUT).until(condition);
    }
}
