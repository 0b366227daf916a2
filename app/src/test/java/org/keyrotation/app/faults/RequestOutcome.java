package org.keyrotation.app.faults;

/** The outcome of a request, derived from the events. */
enum RequestOutcome {
    KEY,
    FAILURE,
    /** Neither event, but a published key of its credential was generated at or after the request. */
    SATISFIED,
    /** Both a key and a failure. */
    BOTH,
    LOST;

    static RequestOutcome of(SentRequest sent, EventIndex events) {
        boolean key = !events.keysOf(sent.id()).isEmpty();
        boolean failure = !events.codesOf(sent.id()).isEmpty();
        if (key || failure) {
            return key && failure ? BOTH : key ? KEY : FAILURE;
        }
        return isSatisfied(sent, events) ? SATISFIED : LOST;
    }

    private static boolean isSatisfied(SentRequest sent, EventIndex events) {
        return sent.credential() != null
                && sent.expectedFailure() == null
                && events.latestGenerationOf(sent.credential())
                        .filter(at -> !at.isBefore(sent.requestedAt()))
                        .isPresent();
    }
}
