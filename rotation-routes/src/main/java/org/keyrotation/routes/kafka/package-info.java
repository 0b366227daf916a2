/**
 * Kafka clients that lose no record: a parallel consumer, an acknowledged producer, and plain clients for everything else.
 * The package knows nothing of rotations.
 *
 * <pre>
 *          poll            enqueue            start               complete
 * topic ──────────► POLLED ────────► QUEUED ────────► IN_FLIGHT ───────────► committable
 *                                      ▲                  │
 *                                      └──────────────────┘ failed, after a backoff
 * </pre>
 *
 * <table>
 * <caption>The states of a record, and the transition to the next state</caption>
 * <tr><th>state</th><th>meaning</th><th>next</th></tr>
 * <tr><td>POLLED</td><td>in the buffer of {@code InFlightRecords}</td><td>the consuming route enqueues it</td></tr>
 * <tr><td>QUEUED</td><td>behind the records of its key in {@code KeyQueues}; the head, once its {@code StartCondition} is
 * met, waits in {@code FairQueue}</td><td>{@code StartPolicy} gives a permit, and a slot is free</td></tr>
 * <tr><td>IN_FLIGHT</td><td>its handler route runs</td><td>the route completes, or fails: QUEUED again</td></tr>
 * <tr><td>committable</td><td>completed, as are all records before it in {@code PartitionOffsets}</td><td>the consumer commits
 * the offset in its next poll</td></tr>
 * <tr><td>revoked (from any state)</td><td>the partition is revoked or lost, or a poll finds that {@code GroupLease} has ended</td>
 * <td>none: the handler route loses its {@code PartitionOwnership}, and the offset is not committed</td></tr>
 * </table>
 *
 * <p>Public types, of the consumer: {@code ParallelConsumer}, {@code StartPolicy}, {@code StartCondition}, {@code
 * InFlightRecord}, {@code PartitionOwnership}, {@code OwnershipLostException} and {@code ProcessAgainException}. Of the
 * producer: {@code TopicProducer}, {@code SendThreadSelector} and {@code KafkaHeaders}. Of plain clients:
 * {@code KafkaClients}, {@code GroupMembers}, {@code KafkaConfigValidator} and {@code NotReadyReason}. {@code
 * ClientSettingsCheck} is public for Kafka, which creates it.
 */
@NullMarked
package org.keyrotation.routes.kafka;

import org.jspecify.annotations.NullMarked;
