package org.keyrotation.routes.rotate;

import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.api.ApiResult;
import org.keyrotation.routes.camel.ThreadPools;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Quick retry: a few more attempts in place, before the request is deferred to a retry topic. */
final class QuickRetry {

    static final int MAX_ATTEMPTS = 4;

    /** A retry topic serves longer waits. */
    static final Duration MAX_WAIT = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(QuickRetry.class);

    private final ReadBack readBack;

    QuickRetry(ReadBack readBack) {
        this.readBack = readBack;
    }

    /**
     * Throws if another attempt is worthwhile. Camel's redelivery reads the wait that the API asked for from the header. The
     * last attempt does not throw: its result stands.
     */
    void throwIfWorthwhile(Exchange exchange) throws QuickRetryException {
        Message message = exchange.getMessage();
        Rotation rotation = message.getBody(Rotation.class);
        int attempt = 1 + message.getHeader(Exchange.REDELIVERY_COUNTER, 0, int.class);
        message.removeHeader(Exchange.REDELIVERY_DELAY);
        if (attempt < MAX_ATTEMPTS
                && rotation.progress().result() instanceof ApiResult.Inconclusive inconclusive
                && isWorthwhile(inconclusive)) {
            message.setHeader(Exchange.REDELIVERY_DELAY, waitMillis(inconclusive));
            throw new QuickRetryException(rotation, attempt, inconclusive.detail());
        }
    }

    /** Restores the rotation as the previous attempt left it. */
    static void beforeRedelivery(Exchange exchange) {
        ThreadPools.stopIfShuttingDown(exchange);
        QuickRetryException caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, QuickRetryException.class);
        LOG.atWarn()
                .addKeyValue("credential", caught.rotation().credential().toString())
                .addKeyValue("requestId", caught.rotation().requestId())
                .log("{}; retrying", caught.getMessage());
        exchange.getMessage().setBody(caught.rotation());
    }

    private boolean isWorthwhile(ApiResult.Inconclusive result) {
        if (result instanceof ApiResult.UnknownOutcome unknown) {
            return readBack.isRetryWorthwhile(unknown);
        }
        Long wait = waitMillis(result);
        return !(result instanceof ApiResult.RateLimited) && (wait == null || wait <= MAX_WAIT.toMillis());
    }

    /** Returns null if the API does not ask for a wait: Camel's own backoff applies. */
    private static @Nullable Long waitMillis(ApiResult.Inconclusive result) {
        Duration wait = result.retryAfter();
        return wait == null ? null : wait.toMillis();
    }
}
