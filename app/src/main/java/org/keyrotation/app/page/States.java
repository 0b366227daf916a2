package org.keyrotation.app.page;

import org.keyrotation.model.CredentialStatus.AdoptionState;
import org.keyrotation.model.CredentialStatus.State;

/** Colours, shapes and meanings of states. Each state has its own shape: colour alone tells nothing. */
final class States {

    private States() {}

    static boolean needsPerson(State state) {
        return state.compareTo(State.OVERDUE) <= 0;
    }

    /** Returns the class of the colour. */
    static String colour(State state) {
        return switch (state) {
            case DRIFTED, UNADOPTED, FAILED, OVERDUE -> "alarm";
            case ROTATING, ACTIVATING, OVERLAP -> "busy";
            case DUE, UNKNOWN -> "quiet";
            case FRESH -> "good";
        };
    }

    /** Returns the path of an SVG image of 16 by 16. */
    static String shape(State state) {
        return switch (state) {
            case DRIFTED -> "M8 1 15 8 8 15 1 8z";
            case UNADOPTED -> "M8 1 15 14H1z";
            case FAILED -> "M3 1 8 6 13 1 15 3 10 8 15 13 13 15 8 10 3 15 1 13 6 8 1 3z";
            case OVERDUE -> "M2 2H14V14H2z";
            case ROTATING -> "M8 1A7 7 0 1 1 1 8H4A4 4 0 1 0 8 4V7L3 3 8 0z";
            case ACTIVATING -> "M8 1A7 7 0 1 0 15 8H8z";
            case OVERLAP -> "M6 3A5 5 0 1 0 6 13 5 5 0 0 0 8 12.6 5 5 0 1 0 8 3.4 5 5 0 0 0 6 3z";
            case DUE -> "M8 1A7 7 0 1 1 7.9 1zM8 4A4 4 0 1 0 8.1 4z";
            case FRESH -> "M2 8 4 6 7 9 12 3 14 5 7 13z";
            case UNKNOWN -> "M2 7H14V9H2z";
        };
    }

    /** Returns what the state means, for a person who sees it for the first time. */
    static String meaning(State state) {
        return switch (state) {
            case DRIFTED -> "the API has a key that was rotated by hand";
            case UNADOPTED -> "a consumer has not adopted the key, and half of the overlap is over";
            case FAILED -> "the last request ended in a failure, and no key followed";
            case OVERDUE -> "due by the schedule for more than a day";
            case ROTATING -> "a rotation is started, or a request is queued or deferred";
            case ACTIVATING -> "the new key does not work yet";
            case OVERLAP -> "the new key works, and the previous one still does";
            case DUE -> "due by the schedule";
            case FRESH -> "rotated, and nothing is to be done";
            case UNKNOWN -> "never rotated here";
        };
    }

    /** Returns the meaning of a consumer's state. */
    static String meaning(AdoptionState state) {
        return switch (state) {
            case PENDING -> "nothing is known of it";
            case RECEIVED -> "its consumer group has read the key";
            case ADOPTED -> "it has acknowledged the key";
            case MISSED -> "the previous key stopped working first";
        };
    }
}
