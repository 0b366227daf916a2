package org.keyrotation.app.faults;

import org.keyrotation.model.RotationEvent;

/** An event as it stands on its topic, with its header {@code ce_id}. */
record Published<E extends RotationEvent>(String ceId, E event) {}
