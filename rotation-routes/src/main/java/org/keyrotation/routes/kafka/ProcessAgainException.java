package org.keyrotation.routes.kafka;

/** Asks to process a record once more, from the start. This is no failure: meanwhile another record or instance has made progress. */
public abstract class ProcessAgainException extends RuntimeException {

    /** Creates the exception without a stack trace. */
    protected ProcessAgainException(String message) {
        super(message, null, false, false);
    }
}
