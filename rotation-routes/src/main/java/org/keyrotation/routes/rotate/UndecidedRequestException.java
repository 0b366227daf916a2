package org.keyrotation.routes.rotate;

import org.keyrotation.routes.kafka.ProcessAgainException;

/** A request has finished the abandoned rotation of another one, and is to be decided anew. */
final class UndecidedRequestException extends ProcessAgainException {

    UndecidedRequestException(String requestId, String finishedRequestId) {
        super("The abandoned rotation of request %s is finished: deciding request %s anew"
                .formatted(finishedRequestId, requestId));
    }
}
