package org.keyrotation.routes.intake;

import org.keyrotation.routes.rotate.Rotation;

/** A request that was found outside its home partition, where another instance may rotate its credential, or under another key. */
record MisroutedRequest(Rotation rotation, int homePartition) {}
