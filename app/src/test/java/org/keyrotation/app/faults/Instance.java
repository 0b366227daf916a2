package org.keyrotation.app.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.keyrotation.app.AppProcess;

/** The packaged app in a JVM of its own, which can be frozen. */
final class Instance implements AutoCloseable {

    private final AppProcess process;
    private final LeakCollector heard;
    private CompletableFuture<Void> frozen = CompletableFuture.completedFuture(null);
    private boolean ready;

    Instance(AppProcess process, LeakCollector heard) {
        this.process = process;
        this.heard = heard;
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

    /** SIGSTOP: nothing of it moves, its heartbeats neither, until it is thawed. */
    void freeze() {
        signal("STOP");
    }

    /** SIGCONT: it goes on where it was, and does not know that time went by. */
    void thaw() {
        signal("CONT");
    }

    /** Thaws by itself. */
    void freeze(Duration time) {
        freeze();
        frozen = CompletableFuture.runAsync(
                this::thaw, CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS));
    }

    void awaitThawed() {
        frozen.join();
    }

    /** In good order. */
    void stop() {
        int status = process.terminate();
        heard.listen(process);
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

    /** SIGKILL. */
    @Override
    public void close() {
        process.close();
        heard.listen(process);
    }
}
