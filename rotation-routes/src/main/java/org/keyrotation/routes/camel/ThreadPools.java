package org.keyrotation.routes.camel;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ThreadPoolProfile;

/**
 * Of all rooms together; virtual ones where Camel is told to use them. The context ends them. None of them refuses work
 * before, and nobody's work is done by whoever brings it: a callback that were lost would hold up its request for good.
 *
 * @param routing few, for what never waits
 * @param waiting as many as wait just now: for calls of the API, for Kafka's client where it has to find its brokers, and for
 *     what an application does with an outcome
 * @param redelivery for what is to be tried again later, which goes on elsewhere at once
 */
public record ThreadPools(ExecutorService routing, ExecutorService waiting, ScheduledExecutorService redelivery) {

    private static final int ROUTING_EACH_PROCESSOR = 2;

    /** For the routes with this prefix. */
    public static ThreadPools of(CamelContext context, Prefix prefix) {
        ExecutorServiceManager pools = context.getExecutorServiceManager();
        int routing = ROUTING_EACH_PROCESSOR * Runtime.getRuntime().availableProcessors();
        return new ThreadPools(
                pools.newThreadPool(prefix, prefix.of("routing"), unbounded(routing)),
                pools.newCachedThreadPool(prefix, prefix.of("waiting")),
                pools.newScheduledThreadPool(prefix, prefix.of("redelivery"), unbounded(1)));
    }

    /** Before a redelivery: while the context is being stopped there is none, and what it was for is not done. */
    public static void unlessItIsStopped(Exchange exchange) {
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
