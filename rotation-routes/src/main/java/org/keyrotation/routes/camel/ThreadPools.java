package org.keyrotation.routes.camel;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ThreadPoolProfile;

/**
 * Thread pools that all routes share. Their queues are unbounded and there is no caller-runs: a lost callback would block its
 * request for ever. They are virtual threads if Camel is configured so. The context shuts them down.
 *
 * @param routing few threads, for steps that never block
 * @param blocking as many threads as block at a time: in API calls of camel-http, in Kafka's client while it looks for its
 *     brokers, and in an application's outcome handler
 * @param redelivery one thread. It schedules redeliveries, which continue on another pool. It also aborts calls of camel-http
 *     that exceed their timeout.
 */
public record ThreadPools(ExecutorService routing, ExecutorService blocking, ScheduledExecutorService redelivery) {

    private static final int ROUTING_THREADS_PER_PROCESSOR = 2;

    /** Creates the pools of the routes with this prefix. */
    public static ThreadPools create(CamelContext context, Prefix prefix) {
        ExecutorServiceManager pools = context.getExecutorServiceManager();
        int routing = ROUTING_THREADS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors();
        return new ThreadPools(
                pools.newThreadPool(prefix, prefix.id("routing"), unbounded(routing)),
                pools.newCachedThreadPool(prefix, prefix.id("blocking")),
                pools.newScheduledThreadPool(prefix, prefix.id("redelivery"), unbounded(1)));
    }

    /** Stops the exchange instead of redelivering it while the context is stopping. */
    public static void stopIfShuttingDown(Exchange exchange) {
        if (exchange.getContext().isStopping()) {
            exchange.setRouteStop(true);
        }
    }

    private static ThreadPoolProfile unbounded(int size) {
        return new ThreadPoolProfileBuilder("rotation")
                .poolSize(size)
                .maxPoolSize(size)
                .maxQueueSize(Integer.MAX_VALUE)
                .allowCoreThreadTimeOut(false)
                .build();
    }
}
