package org.keyrotation.routes.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A value whose refreshes run when the test says so. */
class RefreshedValueTest {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private Callable<String> source = () -> "first";
    private final RefreshedValue<String> value = new RefreshedValue<>(() -> source.call(), Duration.ZERO, tasks::add);

    @Test
    void firstReadWaitsForTheFirstValue() {
        assertThat(value.get()).isNotDone();
        assertThat(value.get()).isNotDone();
        assertThat(tasks).hasSize(1);
        refresh();

        assertThat(value.get()).isCompletedWithValue("first");
    }

    @Test
    void laterReadReturnsTheLastValueWhileTheNextOneIsComputed() {
        readAndRefresh();
        source = () -> "second";

        assertThat(readWhenDue()).isEqualTo("first");
        refresh();
        assertThat(value.get().join()).isEqualTo("second");
    }

    @Test
    void patientReadReturnsTheValueThatIsBeingComputed() {
        readAndRefresh();
        source = () -> "second";
        assertThat(readWhenDue()).isEqualTo("first");

        CompletableFuture<String> patient = value.get(Duration.ofHours(1));
        assertThat(patient).isNotDone();
        refresh();
        assertThat(patient).isCompletedWithValue("second");
    }

    @Test
    void impatientReadReturnsTheLastValue() {
        readAndRefresh();
        source = () -> "second";
        assertThat(readWhenDue()).isEqualTo("first");

        assertThat(value.get(Duration.ZERO).join()).isEqualTo("first");
    }

    @Test
    void failureKeepsTheLastValueUntilTheNextSuccess() {
        readAndRefresh();
        source = () -> {
            throw new IllegalStateException("planted");
        };
        assertThat(readWhenDue()).isEqualTo("first");
        refresh();

        assertThat(value.failure()).hasRootCauseMessage("planted");
        source = () -> "second";
        assertThat(readWhenDue()).isEqualTo("first");
        refresh();
        assertThat(value.get().join()).isEqualTo("second");
        assertThat(value.failure()).isNull();
    }

    @Test
    void failureOfTheFirstValueIsThrownUntilThereIsOne() {
        source = () -> {
            throw new IllegalStateException("planted");
        };
        var first = value.get();
        refresh();
        assertThatThrownBy(first::join).hasRootCauseMessage("planted");

        source = () -> "first";
        while (tasks.isEmpty()) {
            var unused = value.get();
        }
        refresh();
        assertThat(value.get().join()).isEqualTo("first");
    }

    private void readAndRefresh() {
        var unused = value.get();
        refresh();
    }

    /** Reads until a refresh is started: it is due once nine times the duration of the last one has gone by. */
    private String readWhenDue() {
        String read = value.get().join();
        while (tasks.isEmpty()) {
            read = value.get().join();
        }
        return read;
    }

    private void refresh() {
        tasks.remove().run();
    }
}
