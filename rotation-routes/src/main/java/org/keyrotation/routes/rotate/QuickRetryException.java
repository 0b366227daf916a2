package org.keyrotation.routes.rotate;

/** An attempt came to nothing for now. It takes the rotation past Camel's redelivery, which puts the old body back. */
final class QuickRetryException extends Exception {

    private final transient Rotation rotation;

    QuickRetryException(Rotation rotation, String detail) {
        super(
                "%s (request %s) is not rotated yet, %d calls so far: %s"
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
