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
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes and reads topics, for tests and demonstrations: each call ends when the broker has answered. */
public final class Topics implements AutoCloseable {

    private static final AtomicInteger NAMES = new AtomicInteger();

    private final String bootstrapServers;
    private final TopicAdmin admin;
    private @Nullable Producer<byte[], byte[]> producer;

    public Topics(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = new TopicAdmin(bootstrapServers);
    }

    /** A name that nobody in this JVM was given before. */
    public static String uniqueName(String stem) {
        return stem + "-" + NAMES.incrementAndGet();
    }

    /** Returns once each partition has a leader. */
    public void create(String topic, int partitions, Map<String, String> configs) {
        admin.create(topic, partitions, configs);
    }

    /** Of whoever needs them no more. */
    public void delete(Collection<String> names) {
        admin.delete(names);
    }

    /** Of all topics there are. */
    public Set<String> names() {
        return admin.names();
    }

    public RecordMetadata send(String topic, byte @Nullable [] key, byte @Nullable [] value) {
        return send(topic, key, value, List.of());
    }

    /** Returns once the record is acknowledged. */
    public RecordMetadata send(String topic, byte @Nullable [] key, byte @Nullable [] value, Iterable<Header> headers) {
        return send(new ProducerRecord<>(topic, null, key, value, headers));
    }

    /** For a record of a certain partition or time. */
    public RecordMetadata send(ProducerRecord<byte[], byte[]> message) {
        return Patience.await(producer().send(message));
    }

    /** Everything up to the ends of the partitions as they are now, in order within each partition. */
    public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        Map<TopicPartition, Long> ends = admin.ends(topic);
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        return found;
    }

    /** What the group has committed; a partition without a commit is missing. */
    public Map<TopicPartition, Long> committed(String group, String topic) {
        return admin.committed(group).entrySet().stream()
                .filter(offset -> offset.getKey().topic().equals(topic))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** How many records the group has still to commit; where it has committed nothing, all of them. */
    public long lag(String group, String topic) {
        Map<TopicPartition, Long> committed = committed(group, topic);
        return admin.ends(topic).entrySet().stream()
                .mapToLong(end -> end.getValue() - committed.getOrDefault(end.getKey(), 0L))
                .sum();
    }

    /** How many records were ever written to it. */
    public long written(String topic) {
        return admin.ends(topic).values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many members of the group have partitions to read. */
    public long readers(String group) {
        return admin.readers(group);
    }

    /** Ends its connections; the next call opens them again. */
    @Override
    public synchronized void close() {
        Optional.ofNullable(producer).ifPresent(Producer::close);
        producer = null;
    }

    private synchronized Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            open = new KafkaProducer<>(
                    Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", "0"),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            producer = open;
        }
        return open;
    }

    private Consumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                // A last, empty fetch is under way at the close, and would keep it waiting.
                Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", "false", "fetch.max.wait.ms", "5"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
