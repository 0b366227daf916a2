package org.keyrotation.routes.publish;

import org.apache.camel.Exchange;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.kafka.PartitionOwnership;

/** The body of a message to {@link PublishRoutes}: an outcome, and the right to publish it. */
public interface Publishable {

    /** Returns the outcome; null before it is decided. */
    @Nullable
    RotationOutcome outcome();

    /** Returns the ownership, without which the outcome must not be published. */
    PartitionOwnership ownership();

    /** Whether a person has generated the key of the outcome. */
    default boolean isByHand() {
        return false;
    }

    /** Returns this body after Kafka has acknowledged the event of its outcome. */
    default Publishable publishedAt(RecordMetadata published) {
        return this;
    }

    /** Returns the outcome in the body of the exchange. */
    static @Nullable RotationOutcome outcomeOf(Exchange exchange) {
        return exchange.getMessage().getBody(Publishable.class).outcome();
    }
}
