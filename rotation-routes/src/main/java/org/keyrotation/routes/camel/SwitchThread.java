package org.keyrotation.routes.camel;

import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;

/**
 * Processor after which the exchange continues on a thread of another pool. Camel's {@code threads()} throws when its route
 * is stopped, and the exchange never completes. This processor completes it with the exception.
 */
public final class SwitchThread extends AsyncProcessorSupport {

    private final Executor executor;

    public SwitchThread(Executor executor) {
        this.executor = executor;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            executor.execute(() -> callback.done(false));
            return false;
        } catch (RuntimeException | Error e) { // rejected, or no memory for another thread
            exchange.setException(e);
            callback.done(true);
            return true;
        }
    }
}
