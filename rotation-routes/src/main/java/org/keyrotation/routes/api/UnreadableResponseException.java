package org.keyrotation.routes.api;

/** A 200 that does not hold what was asked for. */
final class UnreadableResponseException extends RuntimeException {

    UnreadableResponseException() {
        super("The API answered 200, but its body is not the JSON that was asked for");
    }
}
