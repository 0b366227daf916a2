package org.keyrotation.routes.intake;

import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.publish.Publishable;

/** The failure of a Kafka record that is not a valid request, ready to be published. */
record UnreadableRequest(RotationOutcome outcome, PartitionOwnership ownership) implements Publishable {}
