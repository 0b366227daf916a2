/**
 * Outcomes onto their topics; those that end a request as CloudEvents in Kafka's binary mode.
 *
 * <pre>
 * Told: ClientKeyRotated ─► keys topic     ┐
 *       RotationFailed   ─► failures topic ├─ acknowledged by all replicas, tried until it is
 * Deferred               ─► a retry topic  ┘
 * Satisfied              ─► (counted)
 * </pre>
 *
 * <p>Shows {@link org.keyrotation.routes.publish.PublishRoutes}, the {@link org.keyrotation.routes.publish.Outcome} that
 * it takes of whatever is {@link org.keyrotation.routes.publish.Concluded}, the {@link org.keyrotation.routes.retry.RetryMetadata} that comes back from a retry topic, how to write to a
 * topic ({@link org.keyrotation.routes.kafka.TopicProducer}, {@link org.keyrotation.routes.kafka.KafkaHeaders}), and
 * {@link org.keyrotation.routes.publish.PublishSettings}.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">CloudEvents,
 *     Kafka protocol binding</a>
 */
@NullMarked
package org.keyrotation.routes.publish;

import org.jspecify.annotations.NullMarked;
