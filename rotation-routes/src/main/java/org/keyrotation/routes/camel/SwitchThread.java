package org.keyrotation.routes.camel;

import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;

/**
 * A step after which the exchange goes on on a thread of another pool. Unlike Camel's {@code threads()} it ends every exchange
 * that it cannot hand over: that throws where its route is stopped, and who waits behind the exchange would wait for good.
 */
public final class SwitchThread extends AsyncProcessorSupport {

    private final Executor pool;

    public SwitchThread(Executor pool) {
        this.pool = pool;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            pool.execute(() -> callback.done(false));
            return false;
        } catch (RuntimeException | Error e) { // refused; or there is no memory for another thread
            exchange.setException(e);
            callback.done(true);
            return true;
        }
    }
}
