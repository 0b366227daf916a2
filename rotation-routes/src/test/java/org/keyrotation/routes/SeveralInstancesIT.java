package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.Json;
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Instances that rotate the same credential: the ledger decides between them, and a lease protects the holder. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
@Tag("I2")
class SeveralInstancesIT {

    private static final CredentialId CREDENTIAL = new CredentialId(COMPANY, "S2-1");
    private static final byte[] KEY = CREDENTIAL.toString().getBytes(UTF_8);

    private final SandboxBroker broker;
    private final SimulatedManagementApi api;
    private final TestTopics topics;

    SeveralInstancesIT(SandboxBroker broker, SimulatedManagementApi api, TestTopics topics) {
        this.broker = broker;
        this.api = api;
        this.topics = topics;
    }

    @BeforeEach
    void onlyTheLedgerPreventsASecondRotation() {
        api.idempotency(false);
        broker.topics().create(topics.ledgerTopic(), 1, Map.of("cleanup.policy", "compact"));
    }

    @Test
    void directCallsOfSeveralInstancesShareOneRotation() {
        api.latency(Duration.ofMillis(300));
        Instant requestedAt = Instant.now();
        try (RunningRoutes one = RunningRoutes.start(topics);
                RunningRoutes other = RunningRoutes.start(topics)) {
            List<CompletableFuture<RotationOutcome>> calls = IntStream.range(0, 6)
                    .mapToObj(i -> rotating(
                            i % 2 == 0 ? one : other,
                            RotationRequest.of(CREDENTIAL).completed("caller-" + i, requestedAt)))
                    .toList();

            assertThat(calls.stream().map(CompletableFuture::join))
                    .filteredOn(outcome -> !(outcome instanceof RotationOutcome.Satisfied))
                    .singleElement()
                    .isInstanceOf(RotationOutcome.Rotated.class);
        }
        assertThat(topics.satisfied())
                .extracting(RequestSatisfied::requestId)
                .hasSize(5)
                .doesNotHaveDuplicates()
                .doesNotContain(topics.rotated().get(0).requestId());
        assertThat(api.generateRequests()).hasSize(1);
        assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
    }

    @Test
    void directCallTakesARotationOverOnceItsLeaseIsOver() {
        Instant leaseUntil = Instant.now().plusSeconds(4);
        writeStarted("another", leaseUntil);
        try (RunningRoutes routes = RunningRoutes.start(topics)) {
            RotationOutcome outcome =
                    routes.rotate(RotationRequest.of(CREDENTIAL).completed("taker", Instant.now()));

            assertThat(outcome).isInstanceOf(RotationOutcome.Rotated.class);
            assertThat(Instant.now()).isAfter(leaseUntil);
        }
        assertThat(idempotencyKeys()).containsExactly("of-a-dead-instance");
        assertThat(topics.rotated()).extracting(event -> event.requestId()).containsExactly("taker");
    }

    @Test
    void requestIsDeferredUntilTheLeaseOfItsRotationIsOver() {
        writeStarted("request-S2-1", Instant.now().plusSeconds(20));

        topics.processAll(() -> topics.request("S2-1"));

        assertThat(topics.records(topics.requestsTopic()))
                .as("the request, and its return")
                .hasSize(2);
        assertThat(idempotencyKeys()).containsExactly("of-a-dead-instance");
        assertThat(topics.rotated()).extracting(event -> event.requestId()).containsExactly("request-S2-1");
    }

    @Test
    void keyOfADeadInstanceIsRecovered() {
        writeStarted("request-S2-1", Instant.now().minusSeconds(1), "sha256:60303ae22b998861");

        topics.processAll(() -> topics.request("S2-1"));

        assertThat(topics.rotated()).singleElement().satisfies(event -> {
            assertThat(event.recovered()).isTrue();
            assertThat(event.clientKey().value()).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        });
        assertThat(api.generateRequests()).isEmpty();
    }

    @Test
    void keyOfADeadInstanceIsPublishedForItsOwnRequest() {
        writeStarted("abandoned", Instant.now().minusSeconds(1), "sha256:60303ae22b998861");

        topics.processAll(() -> topics.request("S2-1"));

        assertThat(topics.rotated()).singleElement().satisfies(event -> {
            assertThat(event.requestId()).isEqualTo("abandoned");
            assertThat(event.reason()).isEqualTo("leak");
            assertThat(event.requestedBy()).isEqualTo("alice");
            assertThat(event.requestedAt()).isEqualTo(Instant.EPOCH);
            assertThat(event.forced()).isTrue();
        });
        assertThat(topics.failed()).singleElement().satisfies(failed -> {
            assertThat(failed.requestId()).isEqualTo("request-S2-1");
            assertThat(failed.code()).isEqualTo(FailureCode.ROTATED_RECENTLY);
        });
    }

    @Test
    void leaseInTheYear2999IsTakenOver() {
        writeStarted("another", Instant.parse("2999-01-01T00:00:00Z"));

        topics.processAll(() -> topics.request("S2-1"));

        assertThat(topics.rotated()).hasSize(1);
    }

    @Test
    void recordsByHandAmidARotationAreSurvived() {
        api.latency(Duration.ofSeconds(10));
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            routes.await(() -> api.generateRequests().size() == 1);
            broker.topics().send(topics.ledgerTopic(), KEY, json(LedgerEntry.firstSeen(Instant.now())));
            broker.topics().send(topics.ledgerTopic(), KEY, json(entry(1_000_000, null)));
            routes.awaitCommitted();
        }

        assertRotatedOnceAndRecorded();
    }

    @Test
    void tombstoneAmidARotationIsSurvived() {
        api.latency(Duration.ofSeconds(10));
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            routes.await(() -> api.generateRequests().size() == 1);
            broker.topics().send(topics.ledgerTopic(), KEY, null);
            routes.awaitCommitted();
        }

        assertRotatedOnceAndRecorded();
    }

    private void assertRotatedOnceAndRecorded() {
        assertThat(api.generateRequests()).hasSize(1);
        assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        assertThat(topics.records(topics.ledgerTopic()))
                .last()
                .satisfies(last -> assertThat(new String(last.value(), UTF_8)).contains("lastRotationAt"));
    }

    private static CompletableFuture<RotationOutcome> rotating(RunningRoutes routes, RotationRequest request) {
        return CompletableFuture.supplyAsync(() -> routes.rotate(request), task -> new Thread(task).start());
    }

    /** Writes the entry of an instance that died after it had started a rotation. */
    private void writeStarted(String requestId, Instant leaseUntil) {
        writeStarted(requestId, leaseUntil, new ClientKey(api.truth().currentKey(COMPANY, "S2-1")).fingerprint());
    }

    private void writeStarted(String requestId, Instant leaseUntil, String previousKeyFingerprint) {
        RotationRequest request = new RotationRequest(requestId, COMPANY, "S2-1", "leak", "alice", Instant.EPOCH, true);
        UnfinishedRotation started = new UnfinishedRotation(
                requestId,
                "of-a-dead-instance",
                Instant.now(),
                previousKeyFingerprint,
                null,
                "dead",
                leaseUntil,
                request,
                false);
        broker.topics().send(topics.ledgerTopic(), KEY, json(entry(1, started)));
    }

    private static LedgerEntry entry(long revision, @Nullable UnfinishedRotation started) {
        return new LedgerEntry(revision, Instant.now(), null, started, null, null, null, null, null, null);
    }

    private List<String> idempotencyKeys() {
        return api.generateRequests().stream()
                .map(request -> request.header("Idempotency-Key").orElseThrow())
                .toList();
    }

    private static byte[] json(LedgerEntry entry) {
        try {
            return Json.mapper().writeValueAsBytes(entry);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
