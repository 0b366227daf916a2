package org.keyrotation.routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.AsyncProcessorSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyrotation.routes.camel.SwitchThread;

/** The bulkhead with a single permit. */
class CallBulkheadTest {

    private final List<String> started = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private final Queue<Runnable> inFlight = new ArrayDeque<>();
    private final CamelContext context = new DefaultCamelContext();
    private AsyncProducer calls;
    private Consumer<Exchange> completion = exchange -> {};
    private boolean synchronous;
    private Executor queued = Runnable::run;
    private Executor pool = Runnable::run;
    private int rejections;

    static Stream<Named<Consumer<Exchange>>> completions() {
        return Stream.of(
                Named.of("success", exchange -> {}),
                Named.of("an exception", exchange -> exchange.setException(new IllegalStateException("planted"))),
                Named.of("an error", exchange -> exchange.setException(new StackOverflowError("planted"))),
                Named.of("a route stop", exchange -> exchange.setRouteStop(true)),
                Named.of("a rollback", exchange -> exchange.setRollbackOnly(true)));
    }

    @BeforeEach
    void start() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:call")
                        .policy(new CallBulkhead(1, call -> queued.execute(call)))
                        .process(new SwitchThread(call -> pool.execute(call)))
                        .process(new Call());
            }
        });
        context.start();
        calls = context.getEndpoint("direct:call").createAsyncProducer();
        calls.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Tag("I1")
    @ParameterizedTest
    @MethodSource("completions")
    @Tag("I1")
    void howeverACallEndsTheNextOneGetsItsPermit(Consumer<Exchange> result) {
        completion = result;
        send("first");
        send("second");
        send("third");
        assertThat(started).containsExactly("first");

        inFlight.remove().run();
        assertThat(started).containsExactly("first", "second");
        inFlight.remove().run();
        assertThat(started).containsExactly("first", "second", "third");
        inFlight.remove().run();

        send("fourth");

        assertThat(started).endsWith("fourth");
        inFlight.remove().run();
    }

    @ParameterizedTest
    @MethodSource("completions")
    void aSynchronousCallReleasesItsPermit(Consumer<Exchange> result) {
        completion = result;
        synchronous = true;

        send("first");
        send("second");

        assertThat(started).containsExactly("first", "second");
    }

    @Tag("I1")
    @Test
    @Tag("I1")
    void aCallThatItsPoolRejectsReleasesItsPermit() {
        sendThreeAndEndTheFirstAfter(() -> pool = this::reject);
        pool = Runnable::run;

        assertThatTheFourthGetsThePermit();
    }

    @Tag("I1")
    @Test
    @Tag("I1")
    void aQueuedCallThatTheExecutorRejectsReleasesItsPermit() {
        sendThreeAndEndTheFirstAfter(() -> queued = this::reject);

        assertThatTheFourthGetsThePermit();
    }

    private void sendThreeAndEndTheFirstAfter(Runnable rejectOthers) {
        send("first");
        send("second");
        send("third");
        rejectOthers.run();
        inFlight.remove().run();
    }

    private void assertThatTheFourthGetsThePermit() {
        send("fourth");

        assertThat(started).containsExactly("first", "fourth");
        inFlight.remove().run();
        assertThat(ended).containsExactlyInAnyOrder("first", "second", "third", "fourth");
    }

    private void reject(Runnable call) {
        if (rejections++ == 0) {
            throw new RejectedExecutionException("planted");
        }
        throw new OutOfMemoryError("planted");
    }

    /** Runs on this thread until the call queues. */
    private void send(String name) {
        Exchange exchange = calls.getEndpoint().createExchange();
        exchange.getMessage().setBody(name);
        calls.process(exchange, doneSync -> ended.add(name));
    }

    private final class Call extends AsyncProcessorSupport {
        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            started.add(exchange.getMessage().getBody(String.class));
            if (synchronous) {
                completion.accept(exchange);
                callback.done(true);
                return true;
            }
            inFlight.add(() -> {
                completion.accept(exchange);
                callback.done(false);
            });
            return false;
        }
    }
}
