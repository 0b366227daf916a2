package org.keyrotation.routes;

/**
 * Handler of outcomes, in the application. It is called after an outcome is published, or instead if {@code
 * rotation.publish.enabled} is false.
 */
@FunctionalInterface
public interface OutcomeHandler {

    /**
     * Handles an outcome of any kind, a satisfied request and each deferral included. The request is complete only after
     * this method returns, so that no outcome is lost. After a crash the same outcome may come once more, with the same
     * requestId and the same key. Many threads call this method at a time; it may block.
     *
     * @throws Exception if the outcome cannot be handled now: the method is called again after 1 to 8 seconds
     */
    void handle(RotationOutcome outcome) throws Exception;
}
