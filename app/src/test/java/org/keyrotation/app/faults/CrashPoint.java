package org.keyrotation.app.faults;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Holds the exchange that is first to reach a place of the routes, so that a test can kill the app just there. The system
 * property {@code crash.at} lists the places: {@code before:NODE,after:NODE}, by the ids of nodes. Camel Main takes it from
 * {@code camel.beans.crashPoint=#class:org.keyrotation.app.faults.CrashPoint}.
 *
 * <p>It says on stdout for which nodes it is armed, and which place was reached. It holds for good, unless
 * {@code crash.hold} says for how long: time enough for a SIGSTOP, after which the exchange goes on as after a long pause.
 */
public final class CrashPoint implements InterceptStrategy, CamelContextAware {

    private static final Duration FOR_GOOD = Duration.ofDays(1);

    private final Duration hold;
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private @Nullable CamelContext context;

    /** As the system properties say. */
    public CrashPoint() {
        String given = System.getProperty("crash.hold");
        hold = given == null ? FOR_GOOD : Duration.parse(given);
        open.addAll(Set.of(System.getProperty("crash.at", "").split(",")));
    }

    /** Camel Main binds its beans after it has looked for interceptors, so this one makes itself known. */
    @Override
    public void setCamelContext(CamelContext newContext) {
        context = newContext;
        newContext.getCamelContextExtension().addInterceptStrategy(this);
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode node, Processor target, Processor nextTarget) {
        String id = node.getId();
        if (!open.contains("before:" + id) && !open.contains("after:" + id)) {
            return target;
        }
        System.out.println("CRASH POINT armed at " + id);
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                if (!open.remove("before:" + id)) {
                    return processed(exchange, callback);
                }
                hold("before:" + id, () -> {
                    boolean unused = processed(exchange, doneSync -> callback.done(false));
                });
                return false;
            }

            private boolean processed(Exchange exchange, AsyncCallback callback) {
                if (!open.remove("after:" + id)) {
                    return super.process(exchange, callback);
                }
                boolean unused = super.process(exchange, doneSync -> hold("after:" + id, () -> callback.done(false)));
                return false;
            }
        };
    }

    /** On no thread, of which the routes have few. */
    private void hold(String place, Runnable next) {
        System.out.println("CRASH POINT reached " + place);
        CompletableFuture.delayedExecutor(hold.toMillis(), TimeUnit.MILLISECONDS)
                .execute(next);
    }
}
