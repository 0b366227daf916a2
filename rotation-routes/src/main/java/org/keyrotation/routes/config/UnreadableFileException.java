package org.keyrotation.routes.config;

/** A file of the configuration holds no usable text. The message says why, without any of its content. */
public final class UnreadableFileException extends IllegalArgumentException {

    /** What is expected instead of such a file. */
    public static final String EXPECTED = "a readable UTF-8 file that is not empty";

    public UnreadableFileException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
