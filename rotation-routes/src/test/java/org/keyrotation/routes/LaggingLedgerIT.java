package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.health.HealthCheck.State;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** An instance that reads the ledger slowly: it knows the entries of other instances before it decides. */
@ExtendWith(TestTopicsExtension.class)
class LaggingLedgerIT {

    private static final String ID = "S2-1";
    private static final String TOPICS = "rotation-topics";

    private final SandboxBroker broker;
    private final SimulatedManagementApi api;
    private final TestTopics topics;

    LaggingLedgerIT(SandboxBroker broker, SimulatedManagementApi api, TestTopics topics) {
        this.broker = broker;
        this.api = api;
        this.topics = topics;
    }

    @Test
    @Tag("I2")
    void requestWaitsUntilTheLedgerIsReadToItsEnd() {
        try (RunningRoutes routes = startWithSlowLedger()) {
            recordRotationOfAnotherInstance();
            topics.request(ID);
            routes.awaitCommitted();
        }

        assertThat(api.requests()).isEmpty();
    }

    @Test
    @Tag("I2")
    void directRotationWaitsUntilTheLedgerIsReadToItsEnd() {
        try (RunningRoutes routes = startWithSlowLedger()) {
            recordRotationOfAnotherInstance();

            RotationOutcome outcome = routes.rotate(RotationRequest.of(new CredentialId(COMPANY, ID)));

            assertThat(outcome).isInstanceOf(RotationOutcome.Satisfied.class);
        }
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void ledgerThatCannotBeReadAnyMoreIsNotReadyUntilItCan() {
        AtomicBoolean isFailing = new AtomicBoolean();
        try (RunningRoutes routes = startWithLedgerConsumer(() -> {
            if (isFailing.get()) {
                throw new KafkaException("as for a corrupt record");
            }
        })) {
            routes.await(() -> routes.health(TOPICS).getState() == State.UP);
            isFailing.set(true);
            routes.await(() -> routes.health(TOPICS)
                    .getMessage()
                    .orElse("")
                    .contains("The ledger " + topics.ledgerTopic() + " cannot be read"));

            isFailing.set(false);
            routes.await(() -> routes.health(TOPICS).getState() == State.UP);
        }
    }

    /** Dates the rotation in the future, so that it satisfies a request of now. */
    private void recordRotationOfAnotherInstance() {
        String entry = "{\"lastRotationAt\":\"%s\"}".formatted(Instant.now().plusSeconds(60));
        broker.topics().send(topics.ledgerTopic(), (COMPANY + "/" + ID).getBytes(UTF_8), entry.getBytes(UTF_8));
    }

    private RunningRoutes startWithSlowLedger() {
        return startWithLedgerConsumer(
                () -> LockSupport.parkNanos(Duration.ofMillis(700).toNanos()));
    }

    private RunningRoutes startWithLedgerConsumer(Runnable beforePoll) {
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        routes.context().getComponent("kafka", KafkaComponent.class).setKafkaClientFactory(new Consumers(beforePoll));
        return routes.start(new RotationRoutes(topics.settings())).awaitIntake();
    }

    /** Slows, or fails, the polls of the ledger's consumer. The requests topic has a client factory of its own. */
    private static final class Consumers extends DefaultKafkaClientFactory {

        private final Runnable beforePoll;

        Consumers(Runnable beforePoll) {
            this.beforePoll = beforePoll;
        }

        @Override
        @SuppressWarnings("rawtypes")
        public Consumer getConsumer(Properties properties) {
            return new KafkaConsumer<byte[], byte[]>(properties) {
                @Override
                public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                    beforePoll.run();
                    return super.poll(timeout);
                }
            };
        }
    }
}
