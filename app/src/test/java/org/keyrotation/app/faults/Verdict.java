package org.keyrotation.app.faults;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which invariants do not hold, and what was counted. */
record Verdict(List<Violation> violations, Map<String, Long> figures) {

    /** How many violations there are of each invariant. */
    Map<String, Long> byInvariant() {
        Map<String, Long> counts = new LinkedHashMap<>();
        violations.forEach(violation -> counts.merge(violation.invariant(), 1L, Long::sum));
        return counts;
    }
}
