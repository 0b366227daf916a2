package org.keyrotation.routes.api;

/** A 200 that does not hold a client key. */
final class UnreadableAnswerException extends RuntimeException {

    UnreadableAnswerException() {
        super("200, but its body is not JSON with a clientKey");
    }
}
