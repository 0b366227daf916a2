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
            ProducerConfig.ACKS_CONFIG, "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true",
            ProducerConfig.LINGER_MS_CONFIG, "0",
            ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000",
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000",
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "10000");

    private static final Map<String, Object> CONSUMER = Map.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000",
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "5000",
            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");

    private final KafkaClients clients;
    private final String topic;

    LedgerClients(KafkaClients clients, String topic) {
        this.clients = clients;
        this.topic = topic;
    }

    Producer<byte[], byte[]> producer() {
        return clients.producer(topic, PRODUCER);
    }

    Consumer<byte[], byte[]> consumer() {
        return clients.consumer(topic, CONSUMER);
    }
}
