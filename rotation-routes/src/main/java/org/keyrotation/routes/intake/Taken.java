package org.keyrotation.routes.intake;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.keyrotation.routes.rotate.Claim;

/**
 * A record that was taken from a topic and is being handled.
 *
 * @param partitions of its topic
 * @param claim held until its partition is lost, or may be
 */
record Taken(ConsumerRecord<byte[], byte[]> message, int partitions, Claim claim) {}
