package org.keyrotation.routes.ledger;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.keyrotation.routes.kafka.KafkaClients;

/** Kafka clients of the ledger, with its own timeouts. */
final class LedgerClients {

    /** Short timeouts: a record in flight when its writer loses the partition would come after one of the new owner. */
    private static final Map<String, Object> PRODUCER = Map.of(
            ProducerConfig.LINGER_MS_CONFIG, "0",
            ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000",
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000",
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "10000");

    /** The control record has no owner that it could come after: a slow broker has more time. */
    private static final Map<String, Object> CONTROL_PRODUCER = Map.of(
            ProducerConfig.LINGER_MS_CONFIG, "0",
            ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000",
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000",
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "20000");

    /** Another client's open transaction must not hide our records. */
    private static final Map<String, Object> CONSUMER = Map.of(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000",
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "5000",
            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");

    private final KafkaClients clients;

    LedgerClients(KafkaClients clients) {
        this.clients = clients;
    }

    Producer<byte[], byte[]> producer() {
        return clients.producer(PRODUCER);
    }

    Producer<byte[], byte[]> controlProducer() {
        return clients.producer(CONTROL_PRODUCER);
    }

    Consumer<byte[], byte[]> consumer() {
        return clients.consumer(CONSUMER);
    }
}
