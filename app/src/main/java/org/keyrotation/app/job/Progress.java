package org.keyrotation.app.job;

import java.io.PrintStream;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** The progress display of a job: a progress bar on a terminal, otherwise one line every ten seconds. */
final class Progress implements AutoCloseable {

    private static final int MAX_LINE_LENGTH = 80;
    private static final int LINE_INTERVAL_MS = 10_000;

    private final @Nullable ProgressBar bar;

    private Progress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    static Progress of(int requests, PrintStream err) {
        ProgressBarBuilder builder =
                new ProgressBarBuilder().setTaskName("Rotating").setInitialMax(requests);
        if (!isTerminal()) {
            builder.setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(LINE_INTERVAL_MS)
                    .setConsumer(new DelegatingProgressBarConsumer(err::println, MAX_LINE_LENGTH));
        }
        return new Progress(requests == 0 ? null : builder.build());
    }

    void update(long done) {
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

    /**
     * Since JDK 22, System.console() may be non-null without a terminal. The property restores the old implementation,
     * which returns null.
     */
    @SuppressWarnings("SystemConsoleNull") // the property makes the null check reliable
    private static boolean isTerminal() {
        System.setProperty("jdk.console", "java.base");
        return System.console() != null;
    }
}
