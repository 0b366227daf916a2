package org.keyrotation.routes.api;

/** A 200 that does not hold a client key. */
final class UnreadableAnswerException extends RuntimeException {

    UnreadableAnswerException() {
        super("The API answered 200, but not with JSON that holds a clientKey");
    }
}
