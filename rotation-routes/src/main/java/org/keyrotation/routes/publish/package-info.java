/**
 * Outcomes onto their topics, as CloudEvents in Kafka's binary mode.
 *
 * <pre>
 * ClientKeyRotated ─► keys topic     ┐
 *                                    ├─ acknowledged by all replicas, tried until it is
 * RotationFailed   ─► failures topic ┘
 * </pre>
 *
 * <p>Shows {@link org.keyrotation.routes.publish.PublishRoutes} and
 * {@link org.keyrotation.routes.publish.PublishSettings}.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">CloudEvents,
 *     Kafka protocol binding</a>
 */
@NullMarked
package org.keyrotation.routes.publish;

import org.jspecify.annotations.NullMarked;
