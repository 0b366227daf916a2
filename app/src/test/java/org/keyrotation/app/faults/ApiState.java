package org.keyrotation.app.faults;

import java.util.List;
import org.keyrotation.sandbox.Generation;

/** What the API holds of a credential, and every rotation that it really carried out, oldest first. */
record ApiState(String currentKey, List<Generation> generations) {}
