package org.keyrotation.routes.schedule;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.keyrotation.model.CredentialId;

/**
 * The result of one scan.
 *
 * @param complete whether every company has been listed, in this scan or an earlier one
 * @param keyFingerprints the fingerprints of the current keys that were listed in this scan
 */
record TargetScan(
        Collection<Target> targets,
        List<String> problems,
        boolean complete,
        Map<CredentialId, String> keyFingerprints) {}
