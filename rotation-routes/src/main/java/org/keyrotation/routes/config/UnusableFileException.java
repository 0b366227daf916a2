package org.keyrotation.routes.config;

/** A file holds no valid secret. The message says why, without any of its content. */
final class UnusableFileException extends Exception {

    UnusableFileException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
