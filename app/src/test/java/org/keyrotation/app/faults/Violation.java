package org.keyrotation.app.faults;

/** A violated invariant and the evidence. */
record Violation(String invariant, String evidence) {

    @Override
    public String toString() {
        return invariant + ": " + evidence;
    }
}
