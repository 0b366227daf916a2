package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.ledger.Drift;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.Generation;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** A credential that is rotated by hand again and again, while the service rotates others and ticks without a pause. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class DriftStormIT {

    private static final CredentialId BY_HAND = new CredentialId(COMPANY, "S2-1");
    private static final int HANDS = Integer.getInteger("drift.hands", 40);
    private static final int CREDENTIALS = 250;

    /** The system properties (drift.hands=100, drift.rotations=10000) set more of both, for a run of its own. */
    private static final int ROTATIONS = Integer.getInteger("drift.rotations", 300);

    private final SimulatedManagementApi api;
    private final TestTopics topics;

    DriftStormIT(SimulatedManagementApi api, TestTopics topics) {
        this.api = api;
        this.topics = topics.with("rotation.schedule.enabled", "true")
                .with("rotation.schedule.companies", COMPANY)
                .with("rotation.min-interval", "PT0S");
        IntStream.rangeClosed(2, CREDENTIALS).forEach(number -> api.addCredential(COMPANY, "S2-" + number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"report", "publish"})
    @Tag("I2")
    @Tag("I3")
    @Tag("I4")
    void everyKeyThatIsRotatedByHandIsFoundWithinTwoTicksAndNoOther(String mode) {
        topics.with("rotation.drift", mode);
        List<Generation> byHand = new ArrayList<>();
        try (RunningRoutes routes = RunningRoutes.start(topics).awaitIntake().stopTimer()) {
            routes.rotate(RotationRequest.of(BY_HAND));
            tick(routes);
            api.faults().failRandomly(1, 0.05, Fault.status(500), Fault.reset().afterExecuting());
            CompletableFuture<Void> storm =
                    CompletableFuture.runAsync(this::requestAll, task -> new Thread(task, "storm").start());
            for (int i = 0; i < HANDS; i++) {
                Generation generation = api.rotateByHand(COMPANY, BY_HAND.apiCredentialId());
                byHand.add(generation);
                tick(routes);
                tick(routes);
            }
            while (!storm.isDone() || topics.lag() > 0) {
                tick(routes);
            }
            tick(routes);
        }
        assertThat(found(mode))
                .containsExactlyElementsOf(
                        byHand.stream().map(DriftStormIT::fingerprint).toList());
        assertNoFalseAlarm(byHand);
    }

    /** Sends requests until the service has made its rotations. */
    private void requestAll() {
        for (int wave = 0; api.truth().totalGenerations() < ROTATIONS + HANDS; wave++) {
            for (int number = 2; number <= CREDENTIALS; number++) {
                topics.request("S2-" + number, "request-%d-%d".formatted(number, wave), List.of());
            }
            Awaitility.await().atMost(TestTopics.TIMEOUT).until(() -> topics.requestLag() < CREDENTIALS);
        }
    }

    private static void tick(RunningRoutes routes) {
        routes.template().sendBody("direct:rotation-request-due-at-tick", null);
    }

    /** Returns the fingerprints of the keys that were reported or published, in their order. */
    private List<String> found(String mode) {
        return mode.equals("report")
                ? ofLedger().stream().map(Drift::keyFingerprint).distinct().toList()
                : topics.rotated().stream()
                        .filter(event -> event.requestId().startsWith("drift-"))
                        .map(ClientKeyRotated::keyFingerprint)
                        .toList();
    }

    private List<Drift> ofLedger() {
        return topics.records(topics.ledgerTopic()).stream()
                .filter(message -> new String(message.key(), UTF_8).equals(BY_HAND.toString()))
                .map(message -> TestTopics.read(message, LedgerEntry.class).drift())
                .filter(Objects::nonNull)
                .toList();
    }

    private void assertNoFalseAlarm(List<Generation> byHand) {
        List<String> keysByHand = byHand.stream().map(Generation::clientKey).toList();
        assertThat(topics.records(topics.ledgerTopic()).stream()
                        .filter(message -> !new String(message.key(), UTF_8).equals(BY_HAND.toString()))
                        .map(ConsumerRecord::value)
                        .filter(value -> new String(value, UTF_8).contains("\"drift\":")))
                .as("drift of keys that the service has generated")
                .isEmpty();
        assertThat(topics.rotated())
                .filteredOn(event -> event.requestId().startsWith("drift-"))
                .extracting(event -> event.clientKey().value())
                .isSubsetOf(keysByHand);
        assertThat(topics.rotated().stream().map(ClientKeyRotated::requestId).filter(id -> !id.startsWith("drift-")))
                .hasSizeGreaterThan(1);
        for (CredentialId credential : topics.rotated().stream()
                .map(ClientKeyRotated::credential)
                .distinct()
                .toList()) {
            if (!credential.equals(BY_HAND)) {
                assertThat(topics.lastKey(credential.apiCredentialId()))
                        .isEqualTo(api.truth().currentKey(COMPANY, credential.apiCredentialId()));
            }
        }
    }

    private static String fingerprint(Generation generation) {
        return new ClientKey(generation.clientKey()).fingerprint();
    }
}
