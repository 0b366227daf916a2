package org.keyrotation.app.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.keyrotation.app.AppProcess;

/** The packaged app in a child JVM, which a test can freeze. */
final class Instance implements AutoCloseable {

    private final AppProcess process;
    private final LeakCollector leakCollector;
    private CompletableFuture<Void> frozen = CompletableFuture.completedFuture(null);
    private boolean ready;

    Instance(AppProcess process, LeakCollector leakCollector) {
        this.process = process;
        this.leakCollector = leakCollector;
    }

    boolean isReady() {
        ready = ready || process.lines().anyMatch(line -> line.contains("Ready:"));
        return ready;
    }

    boolean isFrozen() {
        return !frozen.isDone();
    }

    AppProcess process() {
        return process;
    }

    /** Sends SIGSTOP: the whole process stops, heartbeats included. */
    void freeze() {
        signal("STOP");
    }

    /** Sends SIGCONT: the process continues without noticing that time has passed. */
    void thaw() {
        signal("CONT");
    }

    /** Freezes the process and thaws it after this time. */
    void freeze(Duration time) {
        freeze();
        frozen = CompletableFuture.runAsync(
                this::thaw, CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS));
    }

    void awaitThawed() {
        frozen.join();
    }

    /** Stops the process gracefully. */
    void stop() {
        int status = process.terminate();
        leakCollector.collect(process);
        if (status != 0 && status != 143) {
            throw new AssertionError("status " + status + " of " + process);
        }
    }

    private void signal(String name) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + status);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Kills the process with SIGKILL. */
    @Override
    public void close() {
        process.close();
        leakCollector.collect(process);
    }
}
