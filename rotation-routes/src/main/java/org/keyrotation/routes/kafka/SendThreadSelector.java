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
 * Selects the thread of each send of one producer to one topic. {@code KafkaProducer.send} blocks while it has no metadata.
 * Sends run inline while acknowledgements are recent, otherwise on the blocking pool. As a processor, it is the last step
 * before those that send.
 */
public final class SendThreadSelector extends AsyncProcessorSupport implements Executor {

    private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Executor blocking;
    private final SwitchThread switchToBlocking;
    private final LongSupplier nanoTime;
    private volatile long acknowledgedAt;

    public SendThreadSelector(ThreadPools pools) {
        this(pools.blocking(), System::nanoTime);
    }

    SendThreadSelector(Executor blocking, LongSupplier nanoTime) {
        this.blocking = blocking;
        this.switchToBlocking = new SwitchThread(blocking);
        this.nanoTime = nanoTime;
        this.acknowledgedAt = nanoTime.getAsLong() - RECENT_NANOS;
    }

    /** Kafka has acknowledged a send: the producer has metadata. */
    public void markAcknowledged() {
        acknowledgedAt = nanoTime.getAsLong();
    }

    /** The next send uses a new producer, which has no metadata. */
    public void reset() {
        acknowledgedAt = nanoTime.getAsLong() - RECENT_NANOS;
    }

    @Override
    public void execute(Runnable send) {
        if (isRecentlyAcknowledged()) {
            send.run();
        } else {
            blocking.execute(send);
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        if (isRecentlyAcknowledged()) {
            callback.done(true);
            return true;
        }
        return switchToBlocking.process(exchange, callback);
    }

    private boolean isRecentlyAcknowledged() {
        return nanoTime.getAsLong() - acknowledgedAt < RECENT_NANOS;
    }
}
