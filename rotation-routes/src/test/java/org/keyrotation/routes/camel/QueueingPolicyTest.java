package org.keyrotation.routes.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A policy with one permit for each body, around a step that ends when the test ends it. */
class QueueingPolicyTest {

    private final List<Exchange> started = new ArrayList<>();
    private final Deque<Runnable> inFlight = new ArrayDeque<>();
    private final List<Exchange> ended = new ArrayList<>();
    private final List<Runnable> pool = new ArrayList<>();
    private Executor executor = pool::add;

    @SuppressWarnings("NullAway") // the policy does not use the route
    private final AsyncProcessor steps =
            (AsyncProcessor) new PermitForEachBody(task -> executor.execute(task)).wrap(null, new Step());

    @Test
    void exchangeWithAPermitContinuesInline() {
        Exchange first = send("a");
        Exchange other = send("b");

        assertThat(started).containsExactly(first, other);
        assertThat(pool).isEmpty();
    }

    @Test
    void exchangeWithoutAPermitContinuesOnTheExecutorOnceThePermitIsReleased() {
        Exchange first = send("a");
        Exchange queued = send("a");
        assertThat(started).containsExactly(first);
        assertThat(pool).isEmpty();

        endFirst();
        assertThat(ended).containsExactly(first);
        assertThat(started).containsExactly(first);

        pool.remove(0).run();
        assertThat(started).containsExactly(first, queued);
        endFirst();
        assertThat(ended).containsExactly(first, queued);
    }

    @Test
    void failedExchangeReleasesItsPermit() {
        Exchange failed = send("a");
        Exchange queued = send("a");

        failed.setException(new IllegalStateException("planted"));
        endFirst();
        pool.remove(0).run();

        assertThat(started).containsExactly(failed, queued);
    }

    @Test
    @Tag("I1")
    void queuedExchangeThatTheExecutorRejectsFailsAndPassesItsPermitOn() {
        Exchange first = send("a");
        Exchange rejected = send("a");
        Exchange next = send("a");

        endFirstAndRejectTheNext();
        pool.remove(0).run();

        assertThat(rejected.getException()).isInstanceOf(RejectedExecutionException.class);
        assertThat(ended).containsExactlyInAnyOrder(first, rejected);
        assertThat(started).containsExactly(first, next);
    }

    @Test
    @Tag("I1")
    void failedCallbackOfARejectedExchangePassesItsPermitOn() {
        Exchange first = send("a");
        send("a", doneSync -> {
            throw new IllegalStateException("planted");
        });
        Exchange next = send("a");

        endFirstAndRejectTheNext();
        pool.remove(0).run();

        assertThat(started).containsExactly(first, next);
    }

    private Exchange send(String body) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        return send(exchange, body, doneSync -> ended.add(exchange));
    }

    private void send(String body, AsyncCallback callback) {
        send(new DefaultExchange(new DefaultCamelContext()), body, callback);
    }

    private Exchange send(Exchange exchange, String body, AsyncCallback callback) {
        exchange.getMessage().setBody(body);
        steps.process(exchange, callback);
        return exchange;
    }

    private void endFirstAndRejectTheNext() {
        executor = task -> {
            executor = pool::add;
            throw new RejectedExecutionException("planted");
        };
        endFirst();
    }

    private void endFirst() {
        inFlight.remove().run();
    }

    private static final class PermitForEachBody extends QueueingPolicy<String> {

        private final Map<String, Queue<Queued<String>>> waiting = new HashMap<>();

        PermitForEachBody(Executor executor) {
            super(executor);
        }

        @Override
        protected String key(Exchange exchange) {
            return exchange.getMessage().getBody(String.class);
        }

        @Override
        protected boolean acquireOrQueue(String key, Queued<String> queued) {
            Queue<Queued<String>> others = waiting.get(key);
            if (others == null) {
                waiting.put(key, new ArrayDeque<>());
                return true;
            }
            others.add(queued);
            return false;
        }

        @Override
        protected Collection<Queued<String>> release(String key) {
            Queued<String> next = waiting.getOrDefault(key, new ArrayDeque<>()).poll();
            if (next == null) {
                waiting.remove(key);
                return List.of();
            }
            return List.of(next);
        }
    }

    private final class Step extends AsyncProcessorSupport {
        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            started.add(exchange);
            inFlight.add(() -> callback.done(false));
            return false;
        }
    }
}
