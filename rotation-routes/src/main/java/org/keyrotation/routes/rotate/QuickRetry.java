package org.keyrotation.routes.rotate;

import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.api.ApiResult;
import org.keyrotation.routes.camel.ThreadPools;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a single attempt told. */
final class QuickRetry {

    /** A longer wait is for a retry topic. */
    static final Duration LONGEST_QUICK_WAIT = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(RotateRoutes.class);

    private final ReadBack readBack;

    QuickRetry(ReadBack readBack) {
        this.readBack = readBack;
    }

    Exchange called(Exchange exchange, Exchange call) {
        ApiResult answer = call.getMessage().getBody(ApiResult.class);
        Message message = exchange.getMessage();
        Rotation rotation = message.getBody(Rotation.class);
        message.setBody(readBack.takenAtItsWord(rotation, rotation.called(answer)));
        return exchange;
    }

    /** Leaves the wait that the API asks for where Camel's redelivery looks for it. The last try's answer stands. */
    void judge(Exchange exchange) throws QuickRetryException {
        Message message = exchange.getMessage();
        Rotation rotation = message.getBody(Rotation.class);
        boolean last = message.getHeader(Exchange.REDELIVERY_COUNTER, 0, int.class) == RotateRoutes.QUICK_TRIES - 1;
        message.removeHeader(Exchange.REDELIVERY_DELAY);
        if (!last
                && rotation.progress().answer() instanceof ApiResult.Inconclusive unsettled
                && isWorthAnotherTry(unsettled)) {
            message.setHeader(Exchange.REDELIVERY_DELAY, waitAskedFor(unsettled));
            throw new QuickRetryException(rotation, unsettled.detail());
        }
    }

    static void tryAgain(Exchange exchange) {
        ThreadPools.unlessItIsStopped(exchange);
        QuickRetryException caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, QuickRetryException.class);
        LOG.warn("{}; trying again", caught.getMessage());
        exchange.getMessage().setBody(caught.rotation());
    }

    private boolean isWorthAnotherTry(ApiResult.Inconclusive answer) {
        if (answer instanceof ApiResult.UnknownOutcome lost) {
            return readBack.isWorthAnotherTry(lost);
        }
        Long wait = waitAskedFor(answer);
        return !(answer instanceof ApiResult.RateLimited) && (wait == null || wait <= LONGEST_QUICK_WAIT.toMillis());
    }

    /** In milliseconds, or null where Camel's own back-off applies. */
    private static @Nullable Long waitAskedFor(ApiResult.Inconclusive answer) {
        Duration wait = answer.retryAfter();
        return wait == null ? null : wait.toMillis();
    }
}
