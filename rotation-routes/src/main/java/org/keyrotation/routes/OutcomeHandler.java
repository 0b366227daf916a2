package org.keyrotation.routes;

/** What else happens with an outcome, once it is published, or instead where {@code rotation.publish.enabled} is false. */
@FunctionalInterface
public interface OutcomeHandler {

    /**
     * Takes an outcome over, of whatever kind: also that a request is satisfied, and each time that it is deferred. The
     * request is done only after this, so that none is lost: after a crash it may be told once more, with the same requestId
     * and the same key. By many threads at a time, which it may block.
     *
     * @throws Exception where it could not: it is told again, with growing pauses of up to 8 seconds
     */
    void handle(RotationOutcome outcome) throws Exception;
}
