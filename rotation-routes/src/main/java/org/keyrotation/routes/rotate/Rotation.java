package org.keyrotation.routes.rotate;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ApiAnswer;
import org.keyrotation.routes.api.ApiCall;

/**
 * A request on its way to its outcome.
 *
 * @param request complete: with a requestId and a requestedAt
 * @param source where on Kafka the request was found, or null where it came another way
 * @param idempotencyKey of all its calls; random, as a guessable one lets others read the answer
 * @param startedAt no later than the first call was sent, once it is under way
 * @param attempts calls made so far
 * @param answer of the latest call
 * @param event what became of it, once that is known
 */
public record Rotation(
        RotationRequest request,
        @Nullable RequestSource source,
        String idempotencyKey,
        @Nullable Instant startedAt,
        int attempts,
        @Nullable ApiAnswer answer,
        @Nullable RotationEvent event)
        implements ApiCall {

    /** Nothing done yet. */
    public static Rotation of(RotationRequest request, @Nullable RequestSource source) {
        Objects.requireNonNull(request.requestId(), "requestId");
        Objects.requireNonNull(request.requestedAt(), "requestedAt");
        String idempotencyKey = UUID.randomUUID().toString();
        return new Rotation(request, source, idempotencyKey, null, 0, null, null);
    }

    @Override
    public CredentialId credential() {
        return request.credential();
    }

    Rotation started(Instant now) {
        return new Rotation(request, source, idempotencyKey, now, 0, null, null);
    }

    Rotation answered(ApiAnswer latest) {
        return new Rotation(request, source, idempotencyKey, startedAt, attempts + 1, latest, null);
    }

    Rotation settled(RotationEvent outcome) {
        return new Rotation(request, source, idempotencyKey, startedAt, attempts, answer, outcome);
    }
}
