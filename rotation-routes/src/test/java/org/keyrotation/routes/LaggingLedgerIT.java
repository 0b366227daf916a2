package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** An instance whose ledger comes slowly: what another instance wrote is known before anything is decided. */
@ExtendWith(SandboxExtension.class)
class LaggingLedgerIT {

    private static final String ID = "S2-1";

    private SandboxBroker broker;
    private SimulatedManagementApi api;
    private TestTopics lane;

    @BeforeEach
    void openALane(SandboxBroker shared, SimulatedManagementApi fresh) {
        broker = shared;
        api = fresh;
        api.addCredential(COMPANY, ID);
        lane = TestTopics.of(shared, fresh);
    }

    @Test
    @DisplayName("I2: a request is not decided on a ledger that lags")
    void aRequestIsNotDecidedOnALedgerThatLags() {
        try (RunningRoutes routes = startWithASlowLedger()) {
            anotherInstanceHasJustRotated();
            lane.request(ID);
            routes.awaitCommitted();
        }

        assertThat(api.requests()).isEmpty();
    }

    @Test
    @DisplayName("I2: nor is a rotation that an application asks for directly")
    void norIsARotationThatAnApplicationAsksFor() {
        try (RunningRoutes routes = startWithASlowLedger()) {
            anotherInstanceHasJustRotated();

            RotationOutcome outcome = routes.rotate(RotationRequest.of(new CredentialId(COMPANY, ID)));

            assertThat(outcome).isInstanceOf(RotationOutcome.Satisfied.class);
        }
        assertThat(api.requests()).isEmpty();
    }

    /** In a moment, by its clock, so that what is asked for now is satisfied. */
    private void anotherInstanceHasJustRotated() {
        String entry = "{\"lastRotationAt\":\"%s\"}".formatted(Instant.now().plusSeconds(60));
        broker.topics().send(lane.ledgerTopic(), (COMPANY + "/" + ID).getBytes(UTF_8), entry.getBytes(UTF_8));
    }

    private RunningRoutes startWithASlowLedger() {
        RunningRoutes routes = RunningRoutes.notStarted(lane);
        routes.context().getComponent("kafka", KafkaComponent.class).setKafkaClientFactory(new SlowConsumers());
        return routes.start(new RotationRoutes(lane.settings())).awaitOpen();
    }

    /** Only the ledger's is made here: the others are the window's. */
    private static final class SlowConsumers extends DefaultKafkaClientFactory {
        @Override
        @SuppressWarnings("rawtypes")
        public Consumer getConsumer(Properties properties) {
            return new KafkaConsumer<byte[], byte[]>(properties) {
                @Override
                public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                    LockSupport.parkNanos(Duration.ofMillis(700).toNanos());
                    return super.poll(timeout);
                }
            };
        }
    }
}
