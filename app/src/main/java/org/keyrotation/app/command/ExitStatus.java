package org.keyrotation.app.command;

/** The exit statuses of all commands. */
final class ExitStatus {

    static final int DONE = 0;
    /** Something failed, or Kafka or the API does not answer. */
    static final int FAILED = 1;
    /** Wrong usage or configuration. */
    static final int WRONG_USAGE = 2;
    /** A request is still open at the timeout. */
    static final int STILL_OPEN = 3;
    /** Not confirmed, or over the limit: nothing was done. */
    static final int NOT_CONFIRMED = 4;

    private ExitStatus() {}
}
