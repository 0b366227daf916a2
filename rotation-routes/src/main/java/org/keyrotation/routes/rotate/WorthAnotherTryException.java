package org.keyrotation.routes.rotate;

/** An attempt came to nothing for now. It takes the rotation past Camel's redelivery, which puts the old body back. */
final class WorthAnotherTryException extends Exception {

    private final transient Rotation rotation;

    WorthAnotherTryException(Rotation rotation, String detail) {
        super(
                "Attempt %d to rotate %s (request %s): %s"
                        .formatted(
                                rotation.attempts(),
                                rotation.credential(),
                                rotation.request().requestId(),
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
