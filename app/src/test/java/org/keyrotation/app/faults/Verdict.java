package org.keyrotation.app.faults;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The violated invariants and the figures of a history. */
record Verdict(List<Violation> violations, Map<String, Long> figures) {

    /** The number of violations of each invariant. */
    Map<String, Long> byInvariant() {
        Map<String, Long> counts = new LinkedHashMap<>();
        violations.forEach(violation -> counts.merge(violation.invariant(), 1L, Long::sum));
        return counts;
    }
}
