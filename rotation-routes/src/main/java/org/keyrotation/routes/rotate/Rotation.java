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
 * @param idempotencyKey of its next call
 * @param startedAt no later than the first call was sent, once it is under way
 * @param previousKeyFingerprint of the key before it, once that was read
 * @param attempts calls to generate a key so far
 * @param uncertain whether one of them may have generated a key that is not known
 * @param answer that is the latest to count
 * @param event what became of it, once that is known
 */
public record Rotation(
        RotationRequest request,
        @Nullable RequestSource source,
        String idempotencyKey,
        @Nullable Instant startedAt,
        @Nullable String previousKeyFingerprint,
        int attempts,
        boolean uncertain,
        @Nullable ApiAnswer answer,
        @Nullable RotationEvent event)
        implements ApiCall {

    /** Nothing done yet. */
    public static Rotation of(RotationRequest request, @Nullable RequestSource source) {
        Objects.requireNonNull(request.requestId(), "requestId");
        Objects.requireNonNull(request.requestedAt(), "requestedAt");
        return new Rotation(request, source, newIdempotencyKey(), null, null, 0, false, null, null);
    }

    @Override
    public CredentialId credential() {
        return request.credential();
    }

    Rotation started(Instant now) {
        return new Rotation(request, source, idempotencyKey, now, null, 0, false, null, null);
    }

    Rotation replacing(String fingerprint) {
        return new Rotation(request, source, idempotencyKey, startedAt, fingerprint, attempts, uncertain, null, null);
    }

    Rotation called(ApiAnswer latest) {
        boolean doubtful = uncertain || (latest instanceof ApiAnswer.Unsettled unsettled && unsettled.uncertain());
        return with(attempts + 1, doubtful, latest, null);
    }

    Rotation answered(ApiAnswer latest) {
        return with(attempts, uncertain, latest, null);
    }

    /** A failure that the API may have stored is not asked for again: the next call has an Idempotency-Key of its own. */
    Rotation notDone() {
        String nextKey = answer instanceof ApiAnswer.Failed ? newIdempotencyKey() : idempotencyKey;
        return new Rotation(request, source, nextKey, startedAt, previousKeyFingerprint, attempts, false, answer, null);
    }

    Rotation settled(RotationEvent outcome) {
        return with(attempts, uncertain, answer, outcome);
    }

    /** Random, as a guessable one lets others read the answer. */
    private static String newIdempotencyKey() {
        return UUID.randomUUID().toString();
    }

    private Rotation with(int calls, boolean doubtful, @Nullable ApiAnswer latest, @Nullable RotationEvent outcome) {
        return new Rotation(
                request, source, idempotencyKey, startedAt, previousKeyFingerprint, calls, doubtful, latest, outcome);
    }
}
