package org.keyrotation.routes.intake;

import org.keyrotation.routes.rotate.Rotation;

/** A request that was found where another instance may be at work on its credential, or under a key that is not its own. */
record MisroutedRequest(Rotation rotation, int homePartition) {}
