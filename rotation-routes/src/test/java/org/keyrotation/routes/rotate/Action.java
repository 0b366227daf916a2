package org.keyrotation.routes.rotate;

import java.time.Duration;

/** What may happen next in a {@link RotationModel}. */
sealed interface Action {

    /** Somebody asks for a key. Of a number that was used before, it is a duplicate: the same request once more. */
    record Ask(int number, Duration ago, boolean force) implements Action {}

    /** Time goes by. */
    record Wait(Duration time) implements Action {}

    /** The next request is handled. */
    record Handle(Api api, Step lastStep) implements Action {}

    /** The offsets of what was handled so far are committed. */
    record Commit() implements Action {}

    /** The requests go to the other instance, which begins at what was committed. */
    record HandOver() implements Action {}

    /** The group goes back to the earliest offset. */
    record Reset() implements Action {}

    /** A deferred request returns to the requests topic; it stays on its retry topic where that is not committed. */
    record Return(int index, boolean committed) implements Action {}

    /** How the API behaves while a request is handled. */
    enum Api {
        WELL,
        ANSWER_LOST,
        ANSWER_LOST_AND_UNREADABLE,
        CALL_LOST,
        CALL_LOST_AND_UNREADABLE,
        FAILS,
        FORBIDS,
        DOWN
    }

    /** After which of its steps the instance that handles a request is killed. */
    enum Step {
        STARTED,
        CALLED,
        CLEARED,
        FAILURE_PENDING,
        TOLD,
        SETTLED,
        DONE
    }
}
