package org.keyrotation.app;

/** An argument or a file cannot be used; its message says why, and what is allowed. */
final class UsageException extends RuntimeException {

    UsageException(String message) {
        super(message);
    }
}
