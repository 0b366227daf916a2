package org.keyrotation.routes.rotate;

/** A request has finished the abandoned rotation of another one, and is to be decided anew. */
public final class UndecidedRequestException extends RuntimeException {

    UndecidedRequestException(String requestId, String finishedRequestId) {
        super(
                "The abandoned rotation of request %s is finished: deciding request %s anew"
                        .formatted(finishedRequestId, requestId),
                null,
                false,
                false);
    }
}
