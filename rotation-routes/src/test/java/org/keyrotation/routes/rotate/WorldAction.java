package org.keyrotation.routes.rotate;

import java.time.Duration;

/** One event in the life of a {@link RotationWorld}. An index counts modulo the number of things there are. */
sealed interface WorldAction {

    /** A producer sends a request. */
    record Send(Duration age, boolean force) implements WorldAction {}

    /** An instance without a flow reads the ledger to its end and begins a request, new or not. */
    record Begin(int instance, int request) implements WorldAction {}

    /** The flow of an instance goes on by some steps. The API behaves so in each. */
    record Step(int instance, int steps, Action.Api api) implements WorldAction {}

    /** The flow of an instance goes on until it has made this step, or ends. */
    record RunTo(int instance, Action.Step target, Action.Api api) implements WorldAction {}

    /** An instance reads the next record of the log. */
    record Read(int instance) implements WorldAction {}

    /** A record that was sent comes onto the log, in any order. */
    record Deliver(int index) implements WorldAction {}

    /** The acknowledgement of a write is lost: the instance sends the same bytes again. */
    record SendAgain(int instance) implements WorldAction {}

    /** An instance dies; the calls and records that it sent live on. Another process starts in its place. */
    record Crash(int instance) implements WorldAction {}

    /** Compaction removes records that all instances have read, and that a later one replaces. */
    record Compact() implements WorldAction {}

    /** A call that was sent is executed by the API. */
    record Execute(int index) implements WorldAction {}

    /** Time passes. Calls that time out meanwhile are executed before. */
    record Advance(Duration time) implements WorldAction {}
}
