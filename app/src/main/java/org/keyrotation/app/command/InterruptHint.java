package org.keyrotation.app.command;

/** Interrupts the thread of a command on Ctrl-C, and prints a line that says how to go on. */
final class InterruptHint implements AutoCloseable {

    /** 128 and the number of SIGINT. The JVM exits with it, or with that of SIGTERM, by itself. */
    private static final int INTERRUPTED = 130;

    private final Thread hook;

    InterruptHint(String hint) {
        Thread command = Thread.currentThread();
        hook = new Thread(() -> {
            System.err.println("\nInterrupted. What was requested stays requested. " + hint);
            command.interrupt();
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    int exitStatus() {
        return INTERRUPTED;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it runs
        }
    }
}
