package org.keyrotation.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request, as a CloudEvent 1.0: the record is its data, and these are its attributes.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md">CloudEvents 1.0</a>
 */
public sealed interface RotationEvent permits ClientKeyRotated, RotationFailed {

    /** {@code ce_type}. */
    String type();

    /**
     * {@code ce_id}: the requestId, so that an event that a crash made appear twice is recognised. A failure without
     * one has {@code topic-partition-offset} of its source, or without that {@code unknown}.
     */
    String id();

    /** {@code ce_subject} and the key of the record in Kafka; null where the request could not be read. */
    @Nullable
    CredentialId credential();

    /** {@code ce_time}: when the key was generated, or the request failed. */
    Instant time();
}
