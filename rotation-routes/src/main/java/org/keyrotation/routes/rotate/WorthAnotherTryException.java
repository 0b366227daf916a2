package org.keyrotation.routes.rotate;

import java.util.concurrent.RejectedExecutionException;
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
        exchange.getMessage().setBody(of(exchange).rotation.anotherTry());
    }

    /**
     * What the last try told.
     *
     * @throws RejectedExecutionException where that was not the last, as the context stops: nothing is given up for that
     */
    static Rotation lastState(Exchange exchange) {
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (caught instanceof WorthAnotherTryException last && last.rotation.attempts() >= RotateRoutes.QUICK_TRIES) {
            return last.rotation;
        }
        throw new RejectedExecutionException("Stopping with tries left; the request will be done again", caught);
    }

    private static WorthAnotherTryException of(Exchange exchange) {
        return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, WorthAnotherTryException.class);
    }
}
