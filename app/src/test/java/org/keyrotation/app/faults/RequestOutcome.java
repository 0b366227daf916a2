package org.keyrotation.app.faults;

import java.util.stream.Stream;

/** The outcome of a request, derived from the events. */
enum RequestOutcome {
    KEY,
    FAILURE,
    SATISFIED,
    /** Events of two kinds. */
    SEVERAL,
    /** No event, but a published key of its credential was generated at or after the request. */
    SILENT,
    LOST;

    static RequestOutcome of(SentRequest sent, EventIndex events) {
        boolean key = !events.keysOf(sent.id()).isEmpty();
        boolean failure = !events.codesOf(sent.id()).isEmpty();
        boolean satisfied = events.isSatisfied(sent.id());
        if (Stream.of(key, failure, satisfied).filter(is -> is).count() > 1) {
            return SEVERAL;
        }
        if (key || failure || satisfied) {
            return key ? KEY : failure ? FAILURE : SATISFIED;
        }
        return hasNewerKey(sent, events) ? SILENT : LOST;
    }

    /** Whether a published key of its credential was generated at or after the request. */
    static boolean hasNewerKey(SentRequest sent, EventIndex events) {
        return sent.credential() != null
                && events.latestGenerationOf(sent.credential())
                        .filter(at -> !at.isBefore(sent.requestedAt()))
                        .isPresent();
    }
}
