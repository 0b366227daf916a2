package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ApiProblem;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ApiAnswer;

/** Turns the last answer into the event that tells it. */
final class Outcomes {

    private final RotateSettings settings;
    private final Clock clock;

    Outcomes(RotateSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    Rotation start(Rotation rotation) {
        return rotation.started(clock.instant());
    }

    Rotation settle(Rotation rotation) {
        return rotation.settled(event(rotation, requireNonNull(rotation.answer())));
    }

    private RotationEvent event(Rotation rotation, ApiAnswer answer) {
        if (answer instanceof ApiAnswer.Generated generated) {
            return rotated(rotation, generated);
        }
        if (answer instanceof ApiAnswer.Refused refused) {
            return failed(rotation, refused.code(), refused.detail(), refused.problem());
        }
        ApiAnswer.Unsettled unsettled = (ApiAnswer.Unsettled) answer;
        String detail =
                unsettled.detail() + (rotation.uncertain() ? "; the API may have generated a key all the same" : "");
        return failed(rotation, FailureCode.GAVE_UP, detail, unsettled.problem());
    }

    /** The times lean to the safe side: the key is taken to work late, and the old one to die early. */
    private ClientKeyRotated rotated(Rotation rotation, ApiAnswer.Generated answer) {
        RotationRequest request = rotation.request();
        Instant generatedAt = requireNonNull(rotation.startedAt());
        return new ClientKeyRotated(
                requireNonNull(request.requestId()),
                request.companyId(),
                request.apiCredentialId(),
                answer.clientKey(),
                answer.clientKey().fingerprint(),
                rotation.previousKeyFingerprint(),
                generatedAt,
                clock.instant().plus(settings.activationDelay()),
                generatedAt.plus(settings.overlap()),
                answer.recovered());
    }

    private RotationFailed failed(Rotation rotation, FailureCode code, String detail, @Nullable ApiProblem problem) {
        RotationRequest request = rotation.request();
        return new RotationFailed(
                request.requestId(),
                request.companyId(),
                request.apiCredentialId(),
                code,
                detail,
                code.retryable(),
                rotation.attempts(),
                clock.instant(),
                problem,
                rotation.source(),
                null);
    }
}
