package org.keyrotation.routes.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FutureProcessorTest {

    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void whatIsThereAlreadyGoesOnAtOnce() throws Exception {
        Exchange exchange =
                ask(text -> CompletableFuture.completedFuture(text + "!")).get();

        assertThat(exchange.getMessage().getBody()).isEqualTo("asked! and more");
    }

    @Test
    void manyWaitOnOneThread() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        ProducerTemplate template = start(text -> answer);
        template.setExecutorService(context.getExecutorServiceManager().newSingleThreadExecutor(this, "one"));

        CompletableFuture<Exchange> first = ask(template);
        CompletableFuture<Exchange> second = ask(template);
        CompletableFuture<Exchange> third = ask(template);
        assertThat(CompletableFuture.anyOf(first, second, third)).isNotDone();
        answer.complete("told");

        for (CompletableFuture<Exchange> each : List.of(first, second, third)) {
            assertThat(each.get().getMessage().getBody()).isEqualTo("told and more");
        }
    }

    @Test
    void itsFailureIsTheExchanges() throws Exception {
        IllegalStateException cause = new IllegalStateException("planted", new RuntimeException("deeper"));
        CompletableFuture<String> failing = new CompletableFuture<>();
        CompletableFuture<Exchange> asked = ask(text -> failing.thenApply(later -> later));
        failing.completeExceptionally(cause);

        assertThat(asked.get().getException()).isSameAs(cause);
    }

    @Test
    void soIsOneThatComesAtOnce() throws Exception {
        IllegalStateException cause = new IllegalStateException("planted", new RuntimeException("deeper"));

        Exchange exchange = ask(text -> {
                    throw cause;
                })
                .get();

        assertThat(exchange.getException()).isSameAs(cause);
    }

    @Test
    void soIsOneOfAnotherStep() throws Exception {
        IllegalStateException cause = new IllegalStateException("planted");

        Exchange exchange = ask(text -> CompletableFuture.failedFuture(new CompletionException(cause)))
                .get();

        assertThat(exchange.getException()).isSameAs(cause);
    }

    @Test
    void soIsAnErrorOrNobodyWouldBeCalledBack() throws Exception {
        Exchange exchange = ask(text -> {
                    throw new OutOfMemoryError("planted");
                })
                .get();

        assertThat(exchange.getException()).hasRootCauseMessage("planted");
    }

    private CompletableFuture<Exchange> ask(Function<String, CompletableFuture<String>> step) throws Exception {
        return ask(start(step));
    }

    private static CompletableFuture<Exchange> ask(ProducerTemplate template) {
        return template.asyncSend(
                "direct:ask", exchange -> exchange.getMessage().setBody("asked"));
    }

    private ProducerTemplate start(Function<String, CompletableFuture<String>> step) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask")
                        .errorHandler(noErrorHandler())
                        .process(new FutureProcessor<>(String.class, step))
                        .transform(body().append(" and more"));
            }
        });
        context.start();
        return context.createProducerTemplate();
    }
}
