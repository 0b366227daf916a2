/**
 * Kafka for routes that must not lose a record: a consumer that works in parallel, a producer whose sends are acknowledged,
 * and clients for everything else. It knows nothing of rotations.
 *
 * <pre>
 *          poll                enqueue                start                 complete
 * topic ─────────► POLLED ────────────────► QUEUED ────────────► IN_FLIGHT ───────────► committable
 *        {@link org.keyrotation.routes.kafka.ParallelConsumer}  consuming route     ▲    handler route │
 *                                             └──── failed, after a backoff
 * </pre>
 *
 * <table>
 * <caption>The states of a record, and the transition to the next state</caption>
 * <tr><th>state</th><th>meaning</th><th>next</th></tr>
 * <tr><td>POLLED</td><td>in the buffer of {@code InFlightRecords}</td><td>the consuming route enqueues it</td></tr>
 * <tr><td>QUEUED</td><td>behind the records of its key in {@code KeyQueues}; the head waits in {@code FairQueue}</td><td>
 * its {@code StartCondition} is met, its {@code StartPolicy} gives a permit, and a slot is free</td></tr>
 * <tr><td>IN_FLIGHT</td><td>its handler route runs</td><td>the route completes, or fails: QUEUED again</td></tr>
 * <tr><td>committable</td><td>completed, as are all records before it in {@code PartitionOffsets}</td><td>the consumer commits
 * the offset in its next poll</td></tr>
 * <tr><td>revoked (from any state)</td><td>the partition is revoked or lost, or {@code GroupLease} has ended</td><td>none: the
 * handler route loses its {@code PartitionOwnership}, and nothing is committed</td></tr>
 * </table>
 *
 * <p>Public types: {@code ParallelConsumer} with {@code StartPolicy}, {@code StartCondition} and {@code InFlightRecord}; {@code
 * PartitionOwnership}; {@code TopicProducer} with {@code SendThreadSelector} and {@code KafkaHeaders}; {@code KafkaClients} and
 * {@code KafkaConfigValidator}.
 */
@NullMarked
package org.keyrotation.routes.kafka;

import org.jspecify.annotations.NullMarked;
