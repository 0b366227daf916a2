package org.keyrotation.routes.intake;

import org.keyrotation.routes.rotate.Rotation;

/** A request that was found where another instance may be at work on its credential. */
record AwayFromHome(Rotation rotation, int homePartition) {}
