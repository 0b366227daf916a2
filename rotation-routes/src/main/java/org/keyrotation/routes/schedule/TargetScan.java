package org.keyrotation.routes.schedule;

import java.util.Collection;
import java.util.List;

/**
 * The result of one scan.
 *
 * @param complete whether every company has been listed, in this scan or an earlier one
 */
record TargetScan(Collection<Target> targets, List<String> problems, boolean complete) {}
