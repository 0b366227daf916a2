package org.keyrotation.routes.rotate;

import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.api.ApiAnswer;

/** What a single attempt told. */
final class Attempts {

    /** A longer wait would hold up the requests behind this one. */
    static final Duration LONGEST_QUICK_WAIT = Duration.ofSeconds(30);

    private Attempts() {}

    static Exchange answered(Exchange rotation, Exchange call) {
        ApiAnswer answer = call.getMessage().getBody(ApiAnswer.class);
        Message message = rotation.getMessage();
        message.setBody(message.getBody(Rotation.class).answered(answer));
        return rotation;
    }

    /** Leaves the wait that the API asks for where Camel's redelivery looks for it. */
    static void judge(Exchange exchange) throws WorthAnotherTryException {
        Message message = exchange.getMessage();
        Rotation rotation = message.getBody(Rotation.class);
        message.removeHeader(Exchange.REDELIVERY_DELAY);
        Duration wait =
                rotation.answer() instanceof ApiAnswer.Unavailable unavailable ? unavailable.retryAfter() : null;
        if (wait != null) {
            message.setHeader(Exchange.REDELIVERY_DELAY, wait.toMillis());
        }
        if (rotation.answer() instanceof ApiAnswer.Unsettled unsettled && isShort(wait)) {
            throw new WorthAnotherTryException(rotation, unsettled.detail());
        }
    }

    private static boolean isShort(@Nullable Duration wait) {
        return wait == null || wait.compareTo(LONGEST_QUICK_WAIT) <= 0;
    }
}
