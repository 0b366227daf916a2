package org.keyrotation.routes.rotate;

/**
 * Makes Camel's error handler redeliver an attempt. Camel restores the body from before the attempt; the exception carries
 * the rotation as the attempt left it.
 */
final class QuickRetryException extends Exception {

    private final transient Rotation rotation;

    QuickRetryException(Rotation rotation, String detail) {
        super(
                "No result yet for %s (request %s) after %d calls to generate a key: %s"
                        .formatted(
                                rotation.credential(),
                                rotation.requestId(),
                                rotation.progress().attempts(),
                                detail),
                null,
                false,
                false);
        this.rotation = rotation;
    }

    Rotation rotation() {
        return rotation;
    }
}
