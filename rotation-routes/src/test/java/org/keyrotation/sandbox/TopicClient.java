package org.keyrotation.sandbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A blocking client that writes and reads topics, for tests and demonstrations. */
public final class TopicClient implements AutoCloseable {

    private static final AtomicInteger NAMES = new AtomicInteger();

    private final String bootstrapServers;
    private final TopicAdmin admin;
    private @Nullable Producer<byte[], byte[]> producer;

    public TopicClient(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = new TopicAdmin(bootstrapServers);
    }

    /** A name that is unique in this JVM. */
    public static String uniqueName(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet();
    }

    /** Returns once each partition has a leader. */
    public void create(String topic, int partitions, Map<String, String> configs) {
        admin.create(topic, partitions, configs);
    }

    /** Returns once the broker decides by them: it takes them over some time after it has acknowledged them. */
    public void addAcls(Collection<AclBinding> acls) {
        admin.addAcls(acls);
    }

    /** Returns once the broker decides without them. */
    public void deleteAcls(Collection<AclBinding> acls) {
        admin.deleteAcls(acls);
    }

    public void delete(Collection<String> names) {
        admin.delete(names);
    }

    public Set<String> names() {
        return admin.names();
    }

    public RecordMetadata send(String topic, byte @Nullable [] key, byte @Nullable [] value) {
        return send(topic, key, value, List.of());
    }

    /** Returns once Kafka has acknowledged the record. */
    public RecordMetadata send(String topic, byte @Nullable [] key, byte @Nullable [] value, Iterable<Header> headers) {
        return send(new ProducerRecord<>(topic, null, key, value, headers));
    }

    /** Sends a record with its own partition or timestamp. */
    public RecordMetadata send(ProducerRecord<byte[], byte[]> message) {
        return Futures.await(producer().send(message));
    }

    /** Reads up to the current end offsets, in order within each partition. */
    public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        Map<TopicPartition, Long> endOffsets = admin.endOffsets(topic);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(endOffsets.keySet());
            consumer.seekToBeginning(endOffsets.keySet());
            while (endOffsets.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** The committed offsets of the group, without partitions that have none. */
    public Map<TopicPartition, Long> committed(String group, String topic) {
        return admin.committedOffsets(group).entrySet().stream()
                .filter(offset -> offset.getKey().topic().equals(topic))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The number of records that the group has not committed. */
    public long lag(String group, String topic) {
        Map<TopicPartition, Long> committed = committed(group, topic);
        return admin.endOffsets(topic).entrySet().stream()
                .mapToLong(end -> end.getValue() - committed.getOrDefault(end.getKey(), 0L))
                .sum();
    }

    /** The sum of all end offsets, which compaction does not reduce. */
    public long recordCount(String topic) {
        return admin.endOffsets(topic).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** The number of members that have partitions assigned. */
    public long activeMembers(String group) {
        return admin.activeMembers(group);
    }

    /** Closes its connections. The next call opens new ones. */
    @Override
    public synchronized void close() {
        Optional.ofNullable(producer).ifPresent(Producer::close);
        producer = null;
        admin.close();
    }

    private synchronized Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> current = producer;
        if (current == null) {
            current = new KafkaProducer<>(
                    Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", "0"),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            producer = current;
        }
        return current;
    }

    private Consumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                // The last fetch is still in flight at close, which waits for it: keep it short.
                Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", "false", "fetch.max.wait.ms", "5"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
