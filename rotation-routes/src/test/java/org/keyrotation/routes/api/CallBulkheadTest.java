package org.keyrotation.routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyrotation.routes.camel.SwitchThread;

/** The bulkhead. Most tests have a single permit. */
class CallBulkheadTest {

    private final List<String> started = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private final Deque<Runnable> inFlight = new ArrayDeque<>();
    private final CamelContext context = new DefaultCamelContext();
    private AsyncProducer calls;
    private Consumer<Exchange> completion = exchange -> {};
    private boolean synchronous;
    private Executor queued = Runnable::run;
    private Executor pool = Runnable::run;
    private int rejections;
    private long now;

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
        context.start();
        calls = callsWithPermits(1);
    }

    private AsyncProducer callsWithPermits(int permits) throws Exception {
        return calls(new CallBulkhead(permits, permits / 4, call -> queued.execute(call), () -> now));
    }

    private AsyncProducer calls(CallBulkhead bulkhead) throws Exception {
        String uri = "direct:call-" + System.identityHashCode(bulkhead);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(uri)
                        .policy(bulkhead)
                        .process(new SwitchThread(call -> pool.execute(call)))
                        .process(new Call());
            }
        });
        AsyncProducer producer = context.getEndpoint(uri).createAsyncProducer();
        producer.start();
        return producer;
    }

    @AfterEach
    void stop() {
        while (!inFlight.isEmpty()) {
            endNext();
        }
        context.stop();
    }

    @Tag("I1")
    @ParameterizedTest
    @MethodSource("completions")
    void howeverACallEndsTheNextOneGetsItsPermit(Consumer<Exchange> result) {
        completion = result;
        send("first");
        send("second");
        send("third");
        assertThat(started).containsExactly("first");

        endNext();
        assertThat(started).containsExactly("first", "second");
        endNext();
        assertThat(started).containsExactly("first", "second", "third");
        endNext();

        send("fourth");

        assertThat(started).endsWith("fourth");
        endNext();
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
    void aCallThatItsPoolRejectsReleasesItsPermit() {
        sendThreeAndEndTheFirstAfter(() -> pool = this::reject);
        pool = Runnable::run;

        assertThatTheFourthGetsThePermit();
    }

    @Tag("I1")
    @Test
    void aQueuedCallThatTheExecutorRejectsReleasesItsPermit() {
        sendThreeAndEndTheFirstAfter(() -> queued = this::reject);

        assertThatTheFourthGetsThePermit();
    }

    @Test
    void aReleasedPermitGoesToTheCompanyWithTheFewestCallsInFlight() throws Exception {
        calls = callsWithPermits(2);
        send("hanging", "hanging/1");
        send("hanging", "hanging/2");
        send("hanging", "hanging/3");
        send("other", "other/1");
        send("other", "other/2");

        endNext();
        endLast();

        assertThat(started).containsExactly("hanging/1", "hanging/2", "other/1", "other/2");
    }

    @Test
    void aCompanyAloneGetsAllPermits() throws Exception {
        calls = callsWithPermits(8);

        IntStream.rangeClosed(1, 9).forEach(i -> send("only", "only/" + i));

        assertThat(started).hasSize(8);
    }

    @Test
    void aCompanyLeavesAQuarterOfThePermitsToAnotherOne() throws Exception {
        calls = callsWithPermits(8);
        send("other", "other/1");

        IntStream.rangeClosed(1, 9).forEach(i -> send("hanging", "hanging/" + i));

        assertThat(started).hasSize(6);
        send("other", "other/2");
        send("other", "other/3");
        assertThat(started).endsWith("other/2", "other/3").hasSize(8);
    }

    @ParameterizedTest
    @CsvSource({"0, 6", "10, 8"}) // requests per second, calls at once beside those of another company
    void aCompanyLeavesPermitsToOthersUnlessThereIsARateLimit(int requestsPerSecond, int atOnce) throws Exception {
        ApiSettings settings = new ApiSettings(
                URI.create("http://127.0.0.1:1"),
                ApiAuth.apiKey("key"),
                Map.of(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                8,
                requestsPerSecond,
                ApiHttpClient.HTTP);
        calls = calls(CallBulkhead.of(settings, Runnable::run));
        send("other", "other/1");
        endNext();

        IntStream.rangeClosed(1, 9).forEach(i -> send("only", "only/" + i));

        assertThat(started).hasSize(1 + atOnce);
    }

    @Test
    void aCompanyKeepsItsShareBetweenItsCalls() throws Exception {
        calls = callsWithPermits(8);
        send("other", "other/1");
        endNext();
        now += CallBulkhead.IDLE_TIMEOUT.toNanos() - 1;

        IntStream.rangeClosed(1, 8).forEach(i -> send("hanging", "hanging/" + i));
        assertThat(started).hasSize(1 + 6);
        send("other", "other/2");

        assertThat(started).hasSize(1 + 7).endsWith("other/2");
    }

    @Test
    void aCompanyThatIsAloneAgainGetsAllPermits() throws Exception {
        calls = callsWithPermits(8);
        send("other", "other/1");
        endNext();
        IntStream.rangeClosed(1, 9).forEach(i -> send("only", "only/" + i));
        assertThat(started).hasSize(1 + 6);
        now += CallBulkhead.IDLE_TIMEOUT.toNanos();

        endNext();

        assertThat(started).hasSize(1 + 9);
    }

    @Test
    void companiesWithAsManyCallsInFlightTakeTurns() {
        send("a", "a/1");
        send("b", "b/1");
        send("c", "c/1");
        send("a", "a/2");
        send("b", "b/2");

        for (int ending = 1; ending <= 4; ending++) {
            endNext();
        }

        assertThat(started).containsExactly("a/1", "b/1", "c/1", "a/2", "b/2");
    }

    @Tag("I1")
    @Test
    void aQueuedCallThatTheExecutorRejectsPassesItsPermitToAnotherCompany() {
        send("a", "a/1");
        send("b", "b/1");
        send("c", "c/1");
        queued = call -> {
            queued = Runnable::run;
            reject(call);
        };

        endNext();
        send("c", "c/2");
        endNext();
        endNext();

        assertThat(started).containsExactly("a/1", "c/1", "c/2");
        assertThat(ended).containsExactlyInAnyOrder("a/1", "b/1", "c/1", "c/2");
    }

    private void sendThreeAndEndTheFirstAfter(Runnable rejectOthers) {
        send("first");
        send("second");
        send("third");
        rejectOthers.run();
        endNext();
    }

    private void assertThatTheFourthGetsThePermit() {
        send("fourth");

        assertThat(started).containsExactly("first", "fourth");
        endNext();
        assertThat(ended).containsExactlyInAnyOrder("first", "second", "third", "fourth");
    }

    private void reject(Runnable call) {
        if (rejections++ == 0) {
            throw new RejectedExecutionException("planted");
        }
        throw new OutOfMemoryError("planted");
    }

    private void send(String call) {
        send("company", call);
    }

    /** Runs on this thread until the call queues. */
    private void send(String companyId, String call) {
        Exchange exchange = calls.getEndpoint().createExchange();
        exchange.getMessage().setBody(new ApiRequest(companyId, call, Map.of()));
        calls.process(exchange, doneSync -> ended.add(call));
    }

    private void endNext() {
        inFlight.removeFirst().run();
    }

    private void endLast() {
        inFlight.removeLast().run();
    }

    private final class Call extends AsyncProcessorSupport {
        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            started.add(exchange.getMessage().getBody(ApiRequest.class).path());
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
