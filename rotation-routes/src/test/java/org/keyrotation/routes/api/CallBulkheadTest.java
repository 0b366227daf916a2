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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyrotation.routes.camel.SwitchThread;

/** Who may call where only one may at a time. */
class CallBulkheadTest {

    private final List<String> begun = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private final Queue<Runnable> underWay = new ArrayDeque<>();
    private final CamelContext context = new DefaultCamelContext();
    private AsyncProducer calls;
    private Consumer<Exchange> ending = exchange -> {};
    private boolean atOnce;
    private Executor turns = Runnable::run;
    private Executor pool = Runnable::run;
    private int refusals;

    static Stream<Named<Consumer<Exchange>>> endings() {
        return Stream.of(
                Named.of("well", exchange -> {}),
                Named.of("an exception", exchange -> exchange.setException(new IllegalStateException("planted"))),
                Named.of("an error", exchange -> exchange.setException(new StackOverflowError("planted"))),
                Named.of("a stop of its route", exchange -> exchange.setRouteStop(true)),
                Named.of("a rollback", exchange -> exchange.setRollbackOnly(true)));
    }

    @BeforeEach
    void start() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:call")
                        .policy(new CallBulkhead(1, turn -> turns.execute(turn)))
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
    @MethodSource("endings")
    @DisplayName("I1: however a call ends, the next one has its place, in the order in which they came")
    void howeverACallEndsTheNextHasItsPlace(Consumer<Exchange> how) {
        ending = how;
        send("first");
        send("second");
        send("third");
        assertThat(begun).containsExactly("first");

        underWay.remove().run();
        assertThat(begun).containsExactly("first", "second");
        underWay.remove().run();
        assertThat(begun).containsExactly("first", "second", "third");
        underWay.remove().run();

        send("fourth");

        assertThat(begun).endsWith("fourth");
        underWay.remove().run();
    }

    @ParameterizedTest
    @MethodSource("endings")
    void whatEndsAtOnceGivesItsPlaceBack(Consumer<Exchange> how) {
        ending = how;
        atOnce = true;

        send("first");
        send("second");

        assertThat(begun).containsExactly("first", "second");
    }

    @Tag("I1")
    @Test
    @DisplayName("I1: a call that no pool takes, be it shut down or without memory for a thread, gives its place back")
    void whatIsRefusedGivesItsPlaceBack() {
        sendThreeAndEndTheFirstWhile(() -> pool = this::refuse);
        pool = Runnable::run;

        assertThatTheFourthHasThePlace();
    }

    @Tag("I1")
    @Test
    @DisplayName("I1: a call that has waited, and that no pool takes then, gives its place back")
    void whatIsRefusedWhenItsTurnComesGivesItsPlaceBack() {
        sendThreeAndEndTheFirstWhile(() -> turns = this::refuse);

        assertThatTheFourthHasThePlace();
    }

    private void sendThreeAndEndTheFirstWhile(Runnable othersAreRefused) {
        send("first");
        send("second");
        send("third");
        othersAreRefused.run();
        underWay.remove().run();
    }

    private void assertThatTheFourthHasThePlace() {
        send("fourth");

        assertThat(begun).containsExactly("first", "fourth");
        underWay.remove().run();
        assertThat(ended).containsExactlyInAnyOrder("first", "second", "third", "fourth");
    }

    private void refuse(Runnable refused) {
        if (refusals++ == 0) {
            throw new RejectedExecutionException("planted");
        }
        throw new OutOfMemoryError("planted");
    }

    /** On this thread, until it has to wait. */
    private void send(String name) {
        Exchange exchange = calls.getEndpoint().createExchange();
        exchange.getMessage().setBody(name);
        calls.process(exchange, doneSync -> ended.add(name));
    }

    private final class Call extends AsyncProcessorSupport {
        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            begun.add(exchange.getMessage().getBody(String.class));
            if (atOnce) {
                ending.accept(exchange);
                callback.done(true);
                return true;
            }
            underWay.add(() -> {
                ending.accept(exchange);
                callback.done(false);
            });
            return false;
        }
    }
}
