package org.keyrotation.routes.intake;

import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.publish.Publishable;

/** A record that is not a valid request. It ends in a failure. */
record UnreadableRequest(RotationOutcome outcome, PartitionOwnership ownership) implements Publishable {}
