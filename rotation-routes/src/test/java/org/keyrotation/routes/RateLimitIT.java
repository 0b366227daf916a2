package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Throttling one company blocks neither other companies nor the consumer. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class RateLimitIT {

    private static final String OTHER = "OtherCorp";
    private static final int MANY = 20;
    private static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(10);

    private final SandboxBroker broker;
    private final SimulatedManagementApi api;
    private final TestTopics topics;

    RateLimitIT(SandboxBroker broker, SimulatedManagementApi api, TestTopics topics) {
        this.broker = broker;
        this.api = api;
        this.topics = topics.with("rotation.api.max-in-flight", "2").with("rotation.read-back", "false");
        IntStream.range(0, MANY).forEach(i -> {
            api.addCredential(COMPANY, "S2-" + i);
            api.addCredential(OTHER, "S2-" + i);
        });
    }

    @Test
    @Tag("I1")
    void retryAfterPausesItsCompanyOnly() {
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-0");
            routes.awaitCommitted();
            api.faults().failNext(COMPANY, "S2-1", Fault.status(429).retryAfter(Duration.ofMinutes(5)));
            topics.request("S2-1");
            routes.awaitFirstAttempts();
            IntStream.range(2, MANY).forEach(i -> topics.request("S2-" + i));
            topics.request("S2-0");
            IntStream.range(0, MANY).forEach(i -> requestForOther("S2-" + i));
            routes.await(() -> keysOfOther() == MANY);
            routes.await(() -> satisfied(routes) == 1);

            assertThat(api.generateRequests().stream()
                            .filter(call -> call.uri().toString().contains(COMPANY)))
                    .hasSize(2);
            routes.await(() -> topics.retryLag() == 1); // the later ones wait in memory
            assertThat(routes.meters()
                            .get("rotation.api.companies.throttled")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        }
    }

    @Test
    void directRotationIsDeferredWhileItsCompanyIsThrottled() {
        api.faults().failNext(COMPANY, "S2-1", Fault.status(429).retryAfter(Duration.ofMinutes(5)));
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            routes.awaitFirstAttempts();

            RotationOutcome outcome = routes.rotate(RotationRequest.of(new CredentialId(COMPANY, "S2-2")));

            assertThat(outcome).isInstanceOf(RotationOutcome.Deferred.class);
        }
        assertThat(api.generateRequests()).hasSize(1);
    }

    @Test
    @Tag("I1")
    @Tag("I2")
    void lowLimitCausesNoRebalance() throws Exception {
        topics.with("rotation.api.requests-per-second", "1");
        try (RunningRoutes routes = startWithShortPollInterval()) {
            Set<String> members = members();
            Instant start = Instant.now();
            IntStream.range(0, MANY).forEach(i -> topics.request("S2-" + i));
            requestForOther("S2-0");
            routes.await(() -> keysOfOther() == 1);
            int keysOfTheLimited = topics.rotated().size() - 1;
            routes.awaitCommitted();

            assertThat(keysOfTheLimited).isLessThan(MANY);
            assertThat(Duration.between(start, Instant.now())).isGreaterThan(MAX_POLL_INTERVAL);
            assertThat(members()).isEqualTo(members);
        }
        assertThat(topics.rotated()).hasSize(MANY + 1);
        assertThat(api.truth().totalGenerations()).isEqualTo(MANY + 1);
        assertThat(topics.records(topics.retryTopic())).isEmpty();
    }

    @Test
    void limitIncludesReads() {
        topics.with("rotation.api.requests-per-second", "5").with("rotation.read-back", "true");
        Queue<Instant> calls = new ConcurrentLinkedQueue<>();
        api.onRequest(call -> calls.add(Instant.now()));

        topics.processAll(() -> IntStream.range(0, 10).forEach(i -> topics.request("S2-" + i)));

        assertThat(calls).hasSize(20);
        Duration took = Duration.between(
                calls.element(), calls.stream().max(Instant::compareTo).orElseThrow());
        assertThat(took).isGreaterThan(Duration.ofSeconds(3)); // 20 calls have 19 intervals of 200 ms
    }

    @Test
    void slowApiCausesNoRebalance() throws Exception {
        api.latency(MAX_POLL_INTERVAL.plusSeconds(1));
        topics.with("rotation.api.max-in-flight", "1").with("rotation.api.response-timeout", "PT30S");
        try (RunningRoutes routes = startWithShortPollInterval()) {
            Set<String> members = members();
            topics.request("S2-0");
            topics.request("S2-1");
            routes.awaitCommitted();

            assertThat(members()).isEqualTo(members);
        }
        assertThat(topics.rotated()).hasSize(2);
        assertThat(api.generateRequests()).hasSize(2);
    }

    @Test
    void requestsQueuedBehindOthersAreNotSentInABurst() {
        topics.with("rotation.api.requests-per-second", "4")
                .with("rotation.api.max-in-flight", "8")
                .with("rotation.api.response-timeout", "PT20S");
        List<String> others = IntStream.range(0, 8).mapToObj(i -> OTHER + i).toList();
        others.forEach(other -> {
            api.addCredential(other, "S2-0");
            api.faults().failNext(other, "S2-0", Fault.hang());
        });
        Queue<Instant> calls = new ConcurrentLinkedQueue<>();
        api.onRequest(call -> {
            if (call.uri().toString().contains(COMPANY)) {
                calls.add(Instant.now());
            }
        });

        try (RunningRoutes routes = topics.start()) {
            others.forEach(other -> request(other, "S2-0"));
            routes.await(() -> api.truth().maxInFlight() >= 8);
            IntStream.range(0, 8).forEach(i -> topics.request("S2-" + i));
            routes.awaitCommitted();
        }

        List<Instant> inOrder = calls.stream().sorted().toList();
        assertThat(inOrder).hasSize(8);
        assertThat(Duration.between(inOrder.get(2), inOrder.get(7))).isGreaterThan(Duration.ofMillis(500));
    }

    /** The wait of a call for its permit is longer than the time in which its lease allows a call. */
    @Test
    @Tag("I1")
    void longWaitForAPermitFencesNoCall() {
        topics.with("rotation.read-back", "true")
                .with("rotation.api.max-in-flight", "1")
                .with("rotation.api.connect-timeout", "PT1S")
                .with("rotation.api.response-timeout", "PT8S");
        api.latency(Duration.ofMillis(1200));
        try (RunningRoutes routes = topics.start()) {
            IntStream.range(0, 10) // so a call waits 11 s for those before it
                    .mapToObj(i -> RotationRequest.of(new CredentialId(COMPANY, "S2-" + i)))
                    .map(request -> CompletableFuture.supplyAsync(() -> routes.rotate(request)))
                    .toList()
                    .forEach(outcome -> assertThat(outcome.join()).isInstanceOf(RotationOutcome.Rotated.class));
        }
        assertThat(api.requests()).hasSize(2 * 10); // a fenced call is made later, after another read
    }

    @Test
    @Tag("I1")
    void hangingCallBlocksNoOther() {
        api.faults().failNext(COMPANY, "S2-0", Fault.hang());
        topics.with("rotation.api.response-timeout", "PT5M").with("rotation.topics.partitions", "1");
        RunningRoutes routes = topics.start();
        try (routes) {
            IntStream.range(0, MANY).forEach(i -> topics.request("S2-" + i));

            routes.await(() -> topics.rotated().size() == MANY - 1);
            assertThat(topics.lag()).isEqualTo(MANY);
            routes.stopWithin(1);
        }
    }

    @Test
    @Tag("I1")
    void hangingCompanyBlocksNoOther() {
        topics.with("rotation.api.response-timeout", "PT5M").with("rotation.api.max-in-flight", "8");
        IntStream.range(0, MANY).forEach(i -> api.faults().failNext(COMPANY, "S2-" + i, Fault.hang()));
        topics.with("rotation.topics.partitions", "1").processAll(); // creates the topics
        IntStream.range(0, 4).forEach(i -> requestForOther("S2-" + i));
        IntStream.range(4, MANY).forEach(i -> {
            topics.request("S2-" + i);
            requestForOther("S2-" + i);
        });
        RunningRoutes routes = topics.start();
        try (routes) {
            routes.await(() -> keysOfOther() == MANY);
            routes.stopWithin(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 429, 500})
    @Tag("I1")
    void failingCompanyBlocksNoOther(int status) {
        Fault fault = Fault.status(status);
        IntStream.range(0, MANY).forEach(i -> api.faults().failNext(COMPANY, "S2-" + i, fault, fault, fault, fault));
        topics.with("rotation.retry.delays", "PT10M");
        try (RunningRoutes routes = topics.start()) {
            IntStream.range(0, MANY).forEach(i -> topics.request("S2-" + i));
            IntStream.range(0, MANY).forEach(i -> requestForOther("S2-" + i));
            routes.await(() -> keysOfOther() == MANY);

            assertThat(api.generateRequests().stream()
                            .map(call -> call.uri().toString())
                            .filter(uri -> uri.contains(COMPANY))
                            .distinct())
                    .hasSizeLessThan(MANY / 2);
        }
    }

    @Test
    @Tag("I1")
    void unfinishedOutcomeHoldsNoCallSlot() {
        topics.with("rotation.api.max-in-flight", "1");
        CountDownLatch handled = new CountDownLatch(1);
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        try (routes) {
            routes.start(new RotationRoutes(topics.settings()).outcomeHandler(outcome -> handled.await()))
                    .awaitIntake();
            topics.request("S2-0");
            topics.request("S2-1");

            routes.await(() -> api.generateRequests().size() == 2);
            handled.countDown();
            routes.awaitCommitted();
        }
        assertThat(api.truth().maxInFlight()).isEqualTo(1);
    }

    private void requestForOther(String apiCredentialId) {
        request(OTHER, apiCredentialId);
    }

    private void request(String companyId, String apiCredentialId) {
        String json = "{\"companyId\":\"%s\",\"apiCredentialId\":\"%s\"}".formatted(companyId, apiCredentialId);
        byte[] key = (companyId + "/" + apiCredentialId).getBytes(UTF_8);
        broker.topics().send(topics.requestsTopic(), key, json.getBytes(UTF_8));
    }

    private long keysOfOther() {
        return topics.rotated().stream()
                .filter(event -> event.companyId().equals(OTHER))
                .count();
    }

    private static double satisfied(RunningRoutes routes) {
        return routes.meters()
                .get("rotation.requests")
                .tag("outcome", "satisfied")
                .counter()
                .count();
    }

    private RunningRoutes startWithShortPollInterval() {
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        KafkaConfiguration kafka =
                routes.context().getComponent("kafka", KafkaComponent.class).getConfiguration();
        kafka.setMaxPollIntervalMs((int) MAX_POLL_INTERVAL.toMillis());
        kafka.setSessionTimeoutMs((int) MAX_POLL_INTERVAL.toMillis()); // a session may not outlast the poll interval
        kafka.setHeartbeatIntervalMs(1_000);
        routes.start(new RotationRoutes(topics.settings())).awaitIntake().awaitConsumers(1);
        return routes;
    }

    /** The ids of the group's members. A member that leaves gets another id when it returns. */
    private Set<String> members() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.describeConsumerGroups(List.of(topics.group())).all().get().values().stream()
                    .flatMap(group -> group.members().stream())
                    .map(MemberDescription::consumerId)
                    .collect(Collectors.toSet());
        }
    }
}
