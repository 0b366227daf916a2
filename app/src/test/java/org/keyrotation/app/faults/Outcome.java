package org.keyrotation.app.faults;

/** What became of a request. */
enum Outcome {
    KEY,
    FAILURE,
    /** Neither, as a key of its credential that was generated after it has been published. */
    SATISFIED,
    /** A key and a failure. */
    BOTH,
    LOST;

    static Outcome of(Asked asked, Events events) {
        boolean key = !events.keysOf(asked.id()).isEmpty();
        boolean failure = !events.codesOf(asked.id()).isEmpty();
        if (key || failure) {
            return key && failure ? BOTH : key ? KEY : FAILURE;
        }
        return isSatisfied(asked, events) ? SATISFIED : LOST;
    }

    private static boolean isSatisfied(Asked asked, Events events) {
        return asked.credential() != null
                && asked.planned() == null
                && events.latestOf(asked.credential())
                        .filter(at -> !at.isBefore(asked.requestedAt()))
                        .isPresent();
    }
}
