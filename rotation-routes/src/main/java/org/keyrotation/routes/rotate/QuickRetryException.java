package org.keyrotation.routes.rotate;

/**
 * Makes Camel's error handler redeliver an attempt. Camel restores the body from before the attempt; the exception carries
 * the rotation as the attempt left it.
 */
final class QuickRetryException extends Exception {

    private final transient Rotation rotation;

    /** @param attempt of how many, from 1: its reads may have failed before any call */
    QuickRetryException(Rotation rotation, int attempt, String detail) {
        super(
                "No result for %s (request %s) in attempt %d of %d: %s"
                        .formatted(
                                rotation.credential(), rotation.requestId(), attempt, QuickRetry.MAX_ATTEMPTS, detail),
                null,
                false,
                false);
        this.rotation = rotation;
    }

    Rotation rotation() {
        return rotation;
    }
}
