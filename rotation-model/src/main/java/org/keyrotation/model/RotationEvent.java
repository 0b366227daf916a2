package org.keyrotation.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a request as a CloudEvent 1.0. The record is the event's data; the methods below are its attributes.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md">CloudEvents 1.0</a>
 */
public sealed interface RotationEvent permits ClientKeyRotated, RotationFailed, RequestSatisfied {

    /** {@code ce_type}: the kind of event. */
    String type();

    /**
     * {@code ce_id}: the requestId. Consumers can recognise an event by it that a crash caused to be published twice. A
     * failure without a requestId uses the {@code topic-partition-offset} of its source, or else {@code unknown}.
     */
    String id();

    /** {@code ce_subject}, and the key of the Kafka record; null if the request could not be read. */
    @Nullable
    CredentialId credential();

    /** {@code ce_time}: when the key was generated, the request failed or the request was satisfied. */
    Instant time();
}
