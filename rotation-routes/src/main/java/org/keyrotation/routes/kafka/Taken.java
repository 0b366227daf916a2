package org.keyrotation.routes.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record that was taken from a topic and is being handled.
 *
 * @param partitions of its topic
 * @param claim held until its partition is lost, or may be
 */
public record Taken(ConsumerRecord<byte[], byte[]> message, int partitions, PartitionOwnership claim) {}
