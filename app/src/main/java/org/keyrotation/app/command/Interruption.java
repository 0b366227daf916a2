package org.keyrotation.app.command;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What happens on Ctrl-C or SIGTERM: the command ends at once, and says what it has requested. The JVM exits by itself, with 128
 * and the number of the signal.
 */
final class Interruption implements AutoCloseable {

    private static final long MAX_WAIT_SECONDS = 10;

    private final PrintStream err;
    private final Thread hook = new Thread(this::interrupted, "rotation-interruption");
    private String consequence = "";
    private @Nullable Thread waiting;
    private boolean isInterrupted;
    private final CountDownLatch end = new CountDownLatch(1);

    private Interruption(PrintStream err) {
        this.err = err;
    }

    static Interruption handle(PrintStream err) {
        Interruption interruption = new Interruption(err);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** The command is going to make requests, and has made none. */
    synchronized void nothingIsRequested() {
        consequence = " Nothing was requested.";
    }

    /** Must be called before the first request is made. If the command is interrupted, it does not return. */
    void requesting(String hint) throws InterruptedException {
        synchronized (this) {
            if (!isInterrupted) {
                consequence = " What was requested stays requested. " + hint;
                return;
            }
        }
        Thread.currentThread().join(); // the JVM exits
    }

    /** From now on this thread waits. It is interrupted, and then has some seconds to show what it knows. */
    synchronized void waiting() {
        waiting = Thread.currentThread();
    }

    private void interrupted() {
        Thread waiter;
        synchronized (this) {
            isInterrupted = true;
            err.println("\nInterrupted." + consequence);
            waiter = waiting;
        }
        if (waiter != null) {
            waiter.interrupt();
            awaitEnd();
        }
    }

    private void awaitEnd() {
        try {
            boolean unused = end.await(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The command ends. */
    @Override
    public void close() {
        end.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM exits
        }
    }
}
