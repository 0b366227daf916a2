package org.keyrotation.sandbox;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what has to come soon. */
final class Patience {

    private static final int SECONDS = 60;

    private Patience() {}

    static <T> T await(Future<T> future) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("refused", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer within " + SECONDS + " seconds", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
