package org.keyrotation.app;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A main class that a build runs beside a broker and a simulated API. Threads of their clients would keep its JVM alive. */
final class BuildStep {

    private static final Logger LOG = LoggerFactory.getLogger(BuildStep.class);

    private BuildStep() {}

    /** Runs the step, and exits with status 0, or 1 with the reason on the log. */
    static void runAndExit(ThrowingCallable step) {
        try {
            step.call();
        } catch (Throwable e) {
            LOG.error("The step of the build failed", e);
            System.exit(1);
        }
        System.exit(0);
    }
}
