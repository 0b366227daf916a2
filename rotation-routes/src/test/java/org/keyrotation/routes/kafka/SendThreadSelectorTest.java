package org.keyrotation.routes.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On which thread a send is made. */
class SendThreadSelectorTest {

    private final List<Runnable> waiting = new ArrayList<>();
    private long now = Long.MAX_VALUE - 1; // System.nanoTime() may overflow
    private final SendThreadSelector flow = new SendThreadSelector(waiting::add, () -> now);
    private final AtomicInteger sends = new AtomicInteger();

    @Test
    void theFirstSendIsMadeOnAThreadThatMayWait() {
        flow.execute(sends::incrementAndGet);

        assertThat(sends).hasValue(0);
        assertThat(waiting).hasSize(1);
    }

    @Test
    void whileSendsAreAcknowledgedTheNextIsMadeAtOnce() {
        flow.markAcknowledged();

        flow.execute(sends::incrementAndGet);

        assertThat(sends).hasValue(1);
        assertThat(waiting).isEmpty();
    }

    @Test
    void whereNoneWasForTwoSecondsTheNextIsMadeOnAThreadThatMayWait() {
        flow.markAcknowledged();
        now += Duration.ofSeconds(2).toNanos();

        flow.execute(sends::incrementAndGet);

        assertThat(sends).hasValue(0);
        assertThat(waiting).hasSize(1);
    }

    @Test
    void aNewProducerHasToFindItsBrokersFirst() {
        flow.markAcknowledged();
        flow.reset();

        flow.execute(sends::incrementAndGet);

        assertThat(sends).hasValue(0);
        assertThat(waiting).hasSize(1);
    }

    @Test
    void asAStepItChangesThreadsLikewise() {
        boolean onAnotherThread =
                !flow.process(exchange(), doneSync -> assertThat(doneSync).isFalse());
        flow.markAcknowledged();
        boolean onThisThread =
                flow.process(exchange(), doneSync -> assertThat(doneSync).isTrue());

        assertThat(onAnotherThread).isTrue();
        assertThat(onThisThread).isTrue();
        waiting.forEach(Runnable::run);
    }

    @Tag("I1")
    @Test
    @DisplayName("I1: what no thread can be had for is ended, so that it is tried again")
    void whatNoThreadCanBeHadForIsEnded() {
        OutOfMemoryError noThread = new OutOfMemoryError("planted");
        SendThreadSelector refusing = new SendThreadSelector(
                send -> {
                    throw noThread;
                },
                () -> now);
        DefaultExchange exchange = exchange();
        AtomicInteger calledBack = new AtomicInteger();

        refusing.process(exchange, doneSync -> calledBack.incrementAndGet());

        assertThat(calledBack).hasValue(1);
        assertThat(exchange.getException()).hasRootCause(noThread);
    }

    private static DefaultExchange exchange() {
        return new DefaultExchange(new DefaultCamelContext());
    }
}
