package org.keyrotation.app.faults;

import org.keyrotation.model.RotationEvent;

/** An event with the {@code ce_id} header of its record. */
record PublishedEvent<E extends RotationEvent>(String ceId, E event) {}
