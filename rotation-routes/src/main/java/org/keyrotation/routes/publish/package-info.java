/**
 * Outcomes onto their topics; keys, failures and satisfied requests are CloudEvents in Kafka's binary mode.
 *
 * <pre>
 * Rotated   ─► keys topic      ┐                                          ┌─► OutcomeHandler of the application
 * Failed    ─► failures topic  ├─ retried until all replicas acknowledge ─┤
 * Satisfied ─► satisfied topic │                                          └─► counters, log
 * Deferred  ─► retry topic     ┘
 * </pre>
 *
 * <p>A request that was settled before is Satisfied without an event: nothing is sent.
 *
 * <p>The body of the exchange is a {@code Publishable} throughout. The route that sends replaces it by the record, so Camel keeps
 * the body meanwhile, and puts Kafka's acknowledgement into the exchange variable {@code acknowledgement}. After a failure the
 * error handler restores the body. Each attempt confirms the ownership; one that is lost ends the retries.
 *
 * <p>Public types: {@code PublishRoutes} with {@code Publishable}; {@code PublishSettings}.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">CloudEvents,
 *     Kafka protocol binding</a>
 */
@NullMarked
package org.keyrotation.routes.publish;

import org.jspecify.annotations.NullMarked;
