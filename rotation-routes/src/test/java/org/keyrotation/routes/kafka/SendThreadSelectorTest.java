package org.keyrotation.routes.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SendThreadSelectorTest {

    /** The tasks of the blocking pool, which the test runs or leaves. */
    private final List<Runnable> blocking = new ArrayList<>();

    private long nanoTime = Long.MAX_VALUE - 1; // System.nanoTime() may overflow
    private final SendThreadSelector selector = new SendThreadSelector(blocking::add, () -> nanoTime);
    private final AtomicInteger sends = new AtomicInteger();

    @Test
    void firstSendRunsOnTheBlockingPool() {
        selector.execute(sends::incrementAndGet);

        assertThat(sends).hasValue(0);
        assertThat(blocking).hasSize(1);
    }

    @Test
    void sendRunsInlineAfterARecentAcknowledgement() {
        selector.markAcknowledged();

        selector.execute(sends::incrementAndGet);

        assertThat(sends).hasValue(1);
        assertThat(blocking).isEmpty();
    }

    @Test
    void sendRunsOnTheBlockingPoolTwoSecondsAfterTheLastAcknowledgement() {
        selector.markAcknowledged();
        nanoTime += Duration.ofSeconds(2).toNanos();

        selector.execute(sends::incrementAndGet);

        assertThat(sends).hasValue(0);
        assertThat(blocking).hasSize(1);
    }

    @Test
    void firstSendOfANewProducerRunsOnTheBlockingPool() {
        selector.markAcknowledged();
        selector.reset();

        selector.execute(sends::incrementAndGet);

        assertThat(sends).hasValue(0);
        assertThat(blocking).hasSize(1);
    }

    @Test
    void exchangeContinuesOnTheThreadOfTheSend() {
        boolean onBlockingPool =
                !selector.process(exchange(), doneSync -> assertThat(doneSync).isFalse());
        selector.markAcknowledged();
        boolean inline =
                selector.process(exchange(), doneSync -> assertThat(doneSync).isTrue());

        assertThat(onBlockingPool).isTrue();
        assertThat(inline).isTrue();
        blocking.forEach(Runnable::run);
    }

    /** The consumer retries a failed exchange. An exchange that never completes would block its key for ever. */
    @Test
    @Tag("I1")
    void exchangeFailsWhenTheBlockingPoolHasNoThread() {
        OutOfMemoryError noThread = new OutOfMemoryError("planted");
        SendThreadSelector withoutThreads = new SendThreadSelector(
                task -> {
                    throw noThread;
                },
                () -> nanoTime);
        DefaultExchange exchange = exchange();
        AtomicInteger callbacks = new AtomicInteger();

        withoutThreads.process(exchange, doneSync -> callbacks.incrementAndGet());

        assertThat(callbacks).hasValue(1);
        assertThat(exchange.getException()).hasRootCause(noThread);
    }

    private static DefaultExchange exchange() {
        return new DefaultExchange(new DefaultCamelContext());
    }
}
