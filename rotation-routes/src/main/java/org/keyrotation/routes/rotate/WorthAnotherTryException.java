package org.keyrotation.routes.rotate;

import org.apache.camel.Exchange;

/** An attempt came to nothing for now. It carries the rotation past Camel's redelivery, which restores old bodies. */
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

    static void tryAgain(Exchange exchange) {
        exchange.getMessage().setBody(of(exchange).anotherTry());
    }

    static Rotation lastState(Exchange exchange) {
        return of(exchange);
    }

    private static Rotation of(Exchange exchange) {
        return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, WorthAnotherTryException.class).rotation;
    }
}
