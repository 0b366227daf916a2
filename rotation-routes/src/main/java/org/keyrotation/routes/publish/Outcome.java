package org.keyrotation.routes.publish;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.retry.RetryMetadata;

/** What became of a request. */
public sealed interface Outcome extends Concluded {

    @Override
    default Outcome outcome() {
        return this;
    }

    /** It ended, with a key or a failure: an event on its topic. */
    record Told(RotationEvent event) implements Outcome {}

    /** A key that is at least as new as the request was there already. Nothing is published. */
    record Satisfied(RotationRequest request, @Nullable Instant lastRotationAt) implements Outcome {}

    /** It waits on a retry topic, to come back as a request. */
    record Deferred(RotationRequest request, RetryMetadata deferral) implements Outcome {}
}
