package org.keyrotation.routes.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SwitchThreadTest {

    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    private final List<Boolean> callbacks = new ArrayList<>();

    @Test
    void exchangeContinuesOnTheExecutor() {
        List<Runnable> tasks = new ArrayList<>();

        boolean doneSync = new SwitchThread(tasks::add).process(exchange, callbacks::add);
        assertThat(doneSync).isFalse();
        assertThat(callbacks).isEmpty();

        tasks.forEach(Runnable::run);
        assertThat(callbacks).containsExactly(false);
    }

    @Test
    @Tag("I1")
    void exchangeThatTheExecutorRejectsCompletesWithTheException() {
        RejectedExecutionException rejection = new RejectedExecutionException("planted");
        SwitchThread rejecting = new SwitchThread(task -> {
            throw rejection;
        });

        boolean doneSync = rejecting.process(exchange, callbacks::add);

        assertThat(doneSync).isTrue();
        assertThat(callbacks).containsExactly(true);
        assertThat(exchange.getException()).isSameAs(rejection);
    }
}
