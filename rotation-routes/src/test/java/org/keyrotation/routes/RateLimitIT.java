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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
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
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** What slows a company down holds up neither another nor the consumer. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class RateLimitIT {

    private static final String OTHER = "OtherCorp";
    private static final int MANY = 20;
    private static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(5);

    private SandboxBroker broker;
    private SimulatedManagementApi api;
    private TestTopics lane;

    @BeforeEach
    void openALane(SandboxBroker shared, SimulatedManagementApi fresh) {
        broker = shared;
        api = fresh;
        lane = TestTopics.of(shared, fresh)
                .with("rotation.api.max-in-flight", "2")
                .with("rotation.read-back", "false");
        IntStream.range(0, MANY).forEach(i -> {
            api.addCredential(COMPANY, "S2-" + i);
            api.addCredential(OTHER, "S2-" + i);
        });
    }

    @Test
    @DisplayName("I1: after a 429 its company is left alone for as long as the API asks, and no other")
    void a429SlowsItsCompanyAlone() {
        try (RunningRoutes routes = lane.start()) {
            lane.request("S2-0");
            routes.awaitCommitted();
            api.faults().failNext(COMPANY, "S2-1", Fault.status(429).retryAfter(Duration.ofMinutes(5)));
            lane.request("S2-1");
            routes.awaitTried();
            IntStream.range(2, MANY).forEach(i -> lane.request("S2-" + i));
            lane.request("S2-0");
            IntStream.range(0, MANY).forEach(i -> requestOfOther("S2-" + i));
            routes.await(() -> rotatedOfOther() == MANY);
            routes.await(() -> satisfied(routes) == 1);

            assertThat(api.generateRequests().stream()
                            .filter(call -> call.uri().toString().contains(COMPANY)))
                    .hasSize(2);
            routes.await(() -> lane.lagOfRetries() == 1); // those after it wait in memory
            assertThat(routes.meters()
                            .get("rotation.api.companies.throttled")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        }
    }

    @Test
    void aRotationThatAnApplicationAsksForIsDeferredAtOnceWhileItsCompanyRests() {
        api.faults().failNext(COMPANY, "S2-1", Fault.status(429).retryAfter(Duration.ofMinutes(5)));
        try (RunningRoutes routes = lane.start()) {
            lane.request("S2-1");
            routes.awaitTried();

            RotationOutcome outcome = routes.rotate(RotationRequest.of(new CredentialId(COMPANY, "S2-2")));

            assertThat(outcome).isInstanceOf(RotationOutcome.Deferred.class);
        }
        assertThat(api.generateRequests()).hasSize(1);
    }

    @Test
    @DisplayName("I1, I2: a limit far below what waits leads to no rebalance, and holds up no other company")
    void aLowLimitLeadsToNoRebalance() throws Exception {
        lane.with("rotation.api.requests-per-second", "3");
        try (RunningRoutes routes = startWithAShortPollInterval()) {
            Set<String> members = members();
            Instant start = Instant.now();
            IntStream.range(0, MANY).forEach(i -> lane.request("S2-" + i));
            requestOfOther("S2-0");
            routes.await(() -> rotatedOfOther() == 1);
            int ofTheLimited = lane.rotated().size() - 1;
            routes.awaitCommitted();

            assertThat(ofTheLimited).isLessThan(MANY);
            assertThat(Duration.between(start, Instant.now())).isGreaterThan(MAX_POLL_INTERVAL);
            assertThat(members()).isEqualTo(members);
        }
        assertThat(lane.rotated()).hasSize(MANY + 1);
        assertThat(api.truth().totalGenerations()).isEqualTo(MANY + 1);
        assertThat(lane.records(lane.retryTopic())).isEmpty();
    }

    @Test
    void aLimitIsOneOfReadingsToo() {
        lane.with("rotation.api.requests-per-second", "5").with("rotation.read-back", "true");
        Queue<Instant> calls = new ConcurrentLinkedQueue<>();
        api.onRequest(call -> calls.add(Instant.now()));

        lane.handle(() -> IntStream.range(0, 10).forEach(i -> lane.request("S2-" + i)));

        assertThat(calls).hasSize(20);
        Duration took = Duration.between(
                calls.element(), calls.stream().max(Instant::compareTo).orElseThrow());
        assertThat(took).isGreaterThan(Duration.ofSeconds(3)); // 20 calls have 19 distances of 200 ms
    }

    @Test
    @DisplayName("an API that is slower than max.poll.interval.ms leads to no rebalance")
    void aSlowApiLeadsToNoRebalance() throws Exception {
        api.latency(MAX_POLL_INTERVAL.plusSeconds(1));
        lane.with("rotation.api.max-in-flight", "1");
        try (RunningRoutes routes = startWithAShortPollInterval()) {
            Set<String> members = members();
            lane.request("S2-0");
            lane.request("S2-1");
            routes.awaitCommitted();

            assertThat(members()).isEqualTo(members);
        }
        assertThat(lane.rotated()).hasSize(2);
        assertThat(api.generateRequests()).hasSize(2);
    }

    @Test
    void whoWaitedForTheCallsOfOthersDoesNotCallInABurstAfterThem() {
        lane.with("rotation.api.requests-per-second", "4")
                .with("rotation.api.max-in-flight", "8")
                .with("rotation.api.response-timeout", "PT5S");
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

        try (RunningRoutes routes = lane.start()) {
            others.forEach(other -> request(other, "S2-0"));
            routes.await(() -> api.truth().maxInFlight() == 8);
            IntStream.range(0, 8).forEach(i -> lane.request("S2-" + i));
            routes.awaitCommitted();
        }

        List<Instant> inOrder = calls.stream().sorted().toList();
        assertThat(inOrder).hasSize(8);
        assertThat(Duration.between(inOrder.get(2), inOrder.get(7))).isGreaterThan(Duration.ofMillis(500));
    }

    @Test
    @DisplayName("I1: a call that hangs holds up nobody else")
    void aCallThatHangsHoldsUpNobodyElse() {
        api.faults().failNext(COMPANY, "S2-0", Fault.hang());
        lane.with("rotation.api.response-timeout", "PT5M").with("rotation.topics.partitions", "1");
        RunningRoutes routes = lane.start();
        try (routes) {
            IntStream.range(0, MANY).forEach(i -> lane.request("S2-" + i));

            routes.await(() -> lane.rotated().size() == MANY - 1);
            assertThat(lane.lag()).isEqualTo(MANY);
            routes.stopWithin(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 429, 500})
    @DisplayName("I1: a company whose calls fail holds up no other while they are tried again")
    void aCompanyWhoseCallsFailHoldsUpNoOther(int status) {
        Fault fault = Fault.status(status);
        IntStream.range(0, MANY).forEach(i -> api.faults().failNext(COMPANY, "S2-" + i, fault, fault, fault, fault));
        lane.with("rotation.retry.delays", "PT10M");
        try (RunningRoutes routes = lane.start()) {
            IntStream.range(0, MANY).forEach(i -> lane.request("S2-" + i));
            IntStream.range(0, MANY).forEach(i -> requestOfOther("S2-" + i));
            routes.await(() -> rotatedOfOther() == MANY);

            assertThat(api.generateRequests().stream()
                            .map(call -> call.uri().toString())
                            .filter(uri -> uri.contains(COMPANY))
                            .distinct())
                    .hasSizeLessThan(MANY / 2);
        }
    }

    @Test
    @DisplayName("I1: while an outcome waits to be told, somebody else calls")
    void whileAnOutcomeWaitsToBeToldSomebodyElseCalls() {
        lane.with("rotation.api.max-in-flight", "1");
        CountDownLatch told = new CountDownLatch(1);
        RunningRoutes routes = RunningRoutes.notStarted(lane);
        try (routes) {
            routes.start(new RotationRoutes(lane.settings()).outcomeHandler(outcome -> told.await()))
                    .awaitOpen();
            lane.request("S2-0");
            lane.request("S2-1");

            routes.await(() -> api.generateRequests().size() == 2);
            told.countDown();
            routes.awaitCommitted();
        }
        assertThat(api.truth().maxInFlight()).isEqualTo(1);
    }

    private void requestOfOther(String apiCredentialId) {
        request(OTHER, apiCredentialId);
    }

    private void request(String companyId, String apiCredentialId) {
        String json = "{\"companyId\":\"%s\",\"apiCredentialId\":\"%s\"}".formatted(companyId, apiCredentialId);
        byte[] key = (companyId + "/" + apiCredentialId).getBytes(UTF_8);
        broker.topics().send(lane.requestsTopic(), key, json.getBytes(UTF_8));
    }

    private long rotatedOfOther() {
        return lane.rotated().stream()
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

    private RunningRoutes startWithAShortPollInterval() {
        RunningRoutes routes = RunningRoutes.notStarted(lane);
        routes.context()
                .getComponent("kafka", KafkaComponent.class)
                .getConfiguration()
                .setMaxPollIntervalMs((int) MAX_POLL_INTERVAL.toMillis());
        routes.start(new RotationRoutes(lane.settings())).awaitOpen().awaitConsumers(1);
        return routes;
    }

    /** Whoever leaves the group comes back with another id. */
    private Set<String> members() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.describeConsumerGroups(List.of(lane.group())).all().get().values().stream()
                    .flatMap(group -> group.members().stream())
                    .map(MemberDescription::consumerId)
                    .collect(Collectors.toSet());
        }
    }
}
