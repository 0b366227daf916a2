package org.keyrotation.app.terminal;

import java.io.PrintStream;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** The progress display of requests: a progress bar on a terminal, otherwise one line every ten seconds. */
public final class Progress implements AutoCloseable {

    private static final int MAX_LINE_LENGTH = 80;
    private static final int LINE_INTERVAL_MS = 10_000;

    private final @Nullable ProgressBar bar;

    private Progress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /** Starts the display. */
    public static Progress of(int requests, PrintStream err) {
        ProgressBarBuilder builder =
                new ProgressBarBuilder().setTaskName("Rotating").setInitialMax(requests);
        if (!Terminal.isPresent()) {
            builder.setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(LINE_INTERVAL_MS)
                    .setConsumer(new DelegatingProgressBarConsumer(err::println, MAX_LINE_LENGTH));
        }
        return new Progress(requests == 0 ? null : builder.build());
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
    }
}
