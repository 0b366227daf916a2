package org.keyrotation.routes.rotate;

/**
 * Makes Camel's error handler redeliver an attempt. Camel restores the body from before the attempt; the exception carries
 * the rotation as the attempt left it.
 */
final class QuickRetryException extends Exception {

    private final transient Rotation rotation;

    QuickRetryException(Rotation rotation, String detail) {
        super(
                "The rotation of %s (request %s) is inconclusive after %d calls: %s"
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
