package org.keyrotation.app.faults;

import java.util.List;
import org.keyrotation.sandbox.Generation;

/** The current key of a credential and all its executed rotations, oldest first. */
record ApiState(String currentKey, List<Generation> generations) {}
