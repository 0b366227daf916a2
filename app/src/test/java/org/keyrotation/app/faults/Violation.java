package org.keyrotation.app.faults;

/** An invariant that does not hold, and why. */
record Violation(String invariant, String what) {

    @Override
    public String toString() {
        return invariant + ": " + what;
    }
}
