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
 * Suspends the first exchange that reaches a crash point of the routes, so that a test can kill the app there. The
 * system property {@code crash.at} lists the crash points by node id: {@code before:NODE,after:NODE}. Camel Main
 * instantiates this class for {@code camel.beans.crashPoint=#class:org.keyrotation.app.faults.CrashPoint}.
 *
 * <p>It prints each armed node and each reached crash point. An exchange stays suspended for a day, or for {@code
 * crash.hold}. A test sends SIGSTOP meanwhile, and the exchange continues after SIGCONT as after a long pause.
 */
public final class CrashPoint implements InterceptStrategy, CamelContextAware {

    private static final Duration INDEFINITELY = Duration.ofDays(1);

    private final Duration holdTime;
    private final Set<String> armed = ConcurrentHashMap.newKeySet();
    private @Nullable CamelContext context;

    /** Reads the system properties. */
    public CrashPoint() {
        String configured = System.getProperty("crash.hold");
        holdTime = configured == null ? INDEFINITELY : Duration.parse(configured);
        armed.addAll(Set.of(System.getProperty("crash.at", "").split(",")));
    }

    /** Camel Main binds its beans after it has collected the interceptors, so this one registers itself. */
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
        if (!armed.contains("before:" + id) && !armed.contains("after:" + id)) {
            return target;
        }
        System.out.println("CRASH POINT armed at " + id);
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                if (!armed.remove("before:" + id)) {
                    return continueProcessing(exchange, callback);
                }
                suspendExchange("before:" + id, () -> {
                    boolean unused = continueProcessing(exchange, doneSync -> callback.done(false));
                });
                return false;
            }

            private boolean continueProcessing(Exchange exchange, AsyncCallback callback) {
                if (!armed.remove("after:" + id)) {
                    return super.process(exchange, callback);
                }
                boolean unused =
                        super.process(exchange, doneSync -> suspendExchange("after:" + id, () -> callback.done(false)));
                return false;
            }
        };
    }

    /** Suspends without blocking a thread, because the routes have few. */
    private void suspendExchange(String crashPoint, Runnable next) {
        System.out.println("CRASH POINT reached " + crashPoint);
        CompletableFuture.delayedExecutor(holdTime.toMillis(), TimeUnit.MILLISECONDS)
                .execute(next);
    }
}
