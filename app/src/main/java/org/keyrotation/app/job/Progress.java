package org.keyrotation.app.job;

import java.io.PrintStream;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** How many have their outcome: a bar on a terminal, or else a plain line now and then. */
final class Progress implements AutoCloseable {

    private static final int LINE_LENGTH = 80;
    private static final int BETWEEN_LINES_MS = 10_000;

    private final @Nullable ProgressBar bar;

    private Progress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    static Progress of(int requests, PrintStream err) {
        ProgressBarBuilder builder =
                new ProgressBarBuilder().setTaskName("Rotating").setInitialMax(requests);
        if (!isTerminal()) {
            builder.setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(BETWEEN_LINES_MS)
                    .setConsumer(new DelegatingProgressBarConsumer(err::println, LINE_LENGTH));
        }
        return new Progress(requests == 0 ? null : builder.build());
    }

    void show(long done) {
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

    /** From JDK 22 on there may be a console without a terminal, unless it is asked for the one of old. */
    @SuppressWarnings("SystemConsoleNull") // that is what the property is for
    private static boolean isTerminal() {
        System.setProperty("jdk.console", "java.base");
        return System.console() != null;
    }
}
