package org.keyrotation.routes.kafka;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.keyrotation.routes.camel.SwitchThread;
import org.keyrotation.routes.camel.ThreadPools;

/**
 * Where sends to one topic, by one producer, are made. Kafka's client blocks its caller while it looks for its brokers and the topic's
 * partitions. It has them while sends are acknowledged: then one is made on the thread that brings it, and else on one that
 * may wait. As a step of a route, it is the last before those that send.
 */
public final class SendThreadSelector extends AsyncProcessorSupport implements Executor {

    private static final long LATELY_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Executor waiting;
    private final SwitchThread toOneThatMayWait;
    private final LongSupplier nanoTime;
    private volatile long lastAcknowledged;

    public SendThreadSelector(ThreadPools threads) {
        this(threads.waiting(), System::nanoTime);
    }

    SendThreadSelector(Executor waiting, LongSupplier nanoTime) {
        this.waiting = waiting;
        this.toOneThatMayWait = new SwitchThread(waiting);
        this.nanoTime = nanoTime;
        this.lastAcknowledged = nanoTime.getAsLong() - LATELY_NANOS;
    }

    /** A send was. */
    public void acknowledged() {
        lastAcknowledged = nanoTime.getAsLong();
    }

    /** Who sends from now on does not know the brokers yet. */
    public void interrupted() {
        lastAcknowledged = nanoTime.getAsLong() - LATELY_NANOS;
    }

    @Override
    public void execute(Runnable send) {
        if (isFlowing()) {
            send.run();
        } else {
            waiting.execute(send);
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        if (isFlowing()) {
            callback.done(true);
            return true;
        }
        return toOneThatMayWait.process(exchange, callback);
    }

    private boolean isFlowing() {
        return nanoTime.getAsLong() - lastAcknowledged < LATELY_NANOS;
    }
}
