package org.keyrotation.routes.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The processor in a route whose next step appends to the body. */
class FutureProcessorTest {

    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() {
        context.stop();
    }

    @Nested
    class Completion {

        @Test
        void completedFutureReplacesTheBody() throws Exception {
            Exchange exchange =
                    send(body -> CompletableFuture.completedFuture(body + "!")).get();

            assertThat(exchange.getMessage().getBody()).isEqualTo("request! and more");
        }

        @Test
        void waitingExchangesOccupyNoThread() throws Exception {
            CompletableFuture<String> future = new CompletableFuture<>();
            ProducerTemplate template = start(body -> future);
            template.setExecutorService(
                    context.getExecutorServiceManager().newSingleThreadExecutor(this, "single-thread"));

            CompletableFuture<Exchange> first = send(template);
            CompletableFuture<Exchange> second = send(template);
            CompletableFuture<Exchange> third = send(template);
            assertThat(CompletableFuture.anyOf(first, second, third)).isNotDone();
            future.complete("response");

            for (CompletableFuture<Exchange> each : List.of(first, second, third)) {
                assertThat(each.get().getMessage().getBody()).isEqualTo("response and more");
            }
        }
    }

    @Nested
    class Continuation {

        @Test
        void exchangeOfALaterFutureContinuesOnTheExecutor() throws Exception {
            ExecutorService pool = context.getExecutorServiceManager().newSingleThreadExecutor(this, "continuation");
            CompletableFuture<String> future = new CompletableFuture<>();
            CompletableFuture<Exchange> sent = send(start(body -> future, pool));
            Thread poolThread =
                    CompletableFuture.supplyAsync(Thread::currentThread, pool).get();

            completeOnceAwaited(future);

            assertThat(sent.get().getMessage().getHeader("thread")).isSameAs(poolThread);
        }

        @Test
        void exchangeWhoseExecutorRejectsItFails() throws Exception {
            CompletableFuture<String> future = new CompletableFuture<>();
            CompletableFuture<Exchange> sent = send(start(body -> future, rejected -> {
                throw new RejectedExecutionException("planted");
            }));

            completeOnceAwaited(future);

            assertThat(sent.get().getException()).hasMessage("planted");
        }

        private static void completeOnceAwaited(CompletableFuture<String> future) {
            await().until(() -> future.getNumberOfDependents() == 1);
            future.complete("response");
        }
    }

    @Nested
    class Failure {

        private final IllegalStateException cause =
                new IllegalStateException("planted", new RuntimeException("deeper"));

        @Test
        void futureThatFailsLaterFailsTheExchange() throws Exception {
            CompletableFuture<String> future = new CompletableFuture<>();
            CompletableFuture<Exchange> sent = send(body -> future.thenApply(result -> result));
            future.completeExceptionally(cause);

            assertThat(sent.get().getException()).isSameAs(cause);
        }

        @Test
        void functionThatThrowsFailsTheExchange() throws Exception {
            Exchange exchange = send(body -> {
                        throw cause;
                    })
                    .get();

            assertThat(exchange.getException()).isSameAs(cause);
        }

        @Test
        void completionExceptionIsUnwrapped() throws Exception {
            Exchange exchange = send(body -> CompletableFuture.failedFuture(new CompletionException(cause)))
                    .get();

            assertThat(exchange.getException()).isSameAs(cause);
        }

        @Test
        void errorFailsTheExchangeSoThatItsCallbackIsCalled() throws Exception {
            Exchange exchange = send(body -> {
                        throw new OutOfMemoryError("planted");
                    })
                    .get();

            assertThat(exchange.getException()).hasRootCauseMessage("planted");
        }
    }

    private CompletableFuture<Exchange> send(Function<String, CompletableFuture<String>> function) throws Exception {
        return send(start(function));
    }

    private static CompletableFuture<Exchange> send(ProducerTemplate template) {
        return template.asyncSend(
                "direct:process", exchange -> exchange.getMessage().setBody("request"));
    }

    private ProducerTemplate start(Function<String, CompletableFuture<String>> function) throws Exception {
        return start(function, Runnable::run);
    }

    private ProducerTemplate start(Function<String, CompletableFuture<String>> function, Executor executor)
            throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:process")
                        .errorHandler(noErrorHandler())
                        .process(new FutureProcessor<>(String.class, function, executor))
                        .process(exchange -> exchange.getMessage().setHeader("thread", Thread.currentThread()))
                        .transform(body().append(" and more"));
            }
        });
        context.start();
        return context.createProducerTemplate();
    }
}
