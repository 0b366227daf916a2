package org.keyrotation.routes.rotate;

import java.time.Duration;

/** One event in the life of a {@link RotationModel}. */
sealed interface Action {

    /** A producer sends a request. A number that was used before sends the same request again. */
    record Send(int number, Duration age, boolean force) implements Action {}

    /** Time passes. */
    record Advance(Duration time) implements Action {}

    /**
     * The partition owner handles the next request.
     *
     * @param faultyAttempts number of attempts in which the API behaves so; it works in later ones
     */
    record Handle(Api api, int faultyAttempts, Step crashAfter) implements Action {}

    /** The partition owner commits the offset of all requests that it has handled. */
    record Commit() implements Action {}

    /** The other instance becomes the partition owner and starts at the committed offset. */
    record Rebalance() implements Action {}

    /** The group's offset is reset to the earliest. */
    record ResetOffset() implements Action {}

    /** A deferred request returns to the requests topic. Without a commit it stays on its retry topic, too. */
    record Return(int index, boolean committed) implements Action {}

    /** The behaviour of the API in an attempt. */
    enum Api {
        WORKS,
        RESPONSE_LOST,
        RESPONSE_LOST_AND_UNREADABLE,
        RESPONSE_WITHOUT_KEY,
        CALL_LOST,
        EXECUTED_LATE,
        CALL_LOST_AND_UNREADABLE,
        FAILS,
        FORBIDS,
        UNAVAILABLE
    }

    /** The step of {@link RotateRoutes} after which the instance crashes. */
    enum Step {
        BEGIN,
        DECIDE,
        READ,
        RECORD_STARTED,
        CALL,
        RECORD_ENDING,
        PUBLISH,
        RECORD_SETTLED,
        NONE
    }
}
