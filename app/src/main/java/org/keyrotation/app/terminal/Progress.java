package org.keyrotation.app.terminal;

import java.io.PrintStream;
import java.util.function.Consumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** The progress display of requests: a progress bar on a terminal, otherwise one line every ten seconds. */
public final class Progress implements AutoCloseable {

    private static final int MAX_LINE_LENGTH = 79;
    private static final int LINE_INTERVAL_MS = 10_000;

    private final @Nullable ProgressBar bar;
    private final @Nullable PrintStream terminal;

    private Progress(@Nullable ProgressBar bar, @Nullable PrintStream terminal) {
        this.bar = bar;
        this.terminal = terminal;
    }

    /** Starts the display. The library's own would set the terminal up, and take Ctrl-C from the JVM's shutdown hooks. */
    public static Progress of(int requests, PrintStream err) {
        boolean isTerminal = Terminal.isPresent();
        Consumer<String> print = isTerminal ? line -> err.print("\r" + line) : err::println;
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName("Rotating")
                .setInitialMax(requests)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new DelegatingProgressBarConsumer(print, MAX_LINE_LENGTH));
        if (!isTerminal) {
            builder.setUpdateIntervalMillis(LINE_INTERVAL_MS);
        }
        return new Progress(requests == 0 ? null : builder.build(), isTerminal ? err : null);
    }

    /** Shows how many are done. */
    public void update(long done) {
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
        if (bar != null && terminal != null) {
            terminal.println();
        }
    }
}
