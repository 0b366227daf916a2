package org.keyrotation.app.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.intake.OpenRequest;

/**
 * A request that a job follows, with what is known of it.
 *
 * @param source where it was first found; null if the job made it
 * @param request null if it is malformed or invalid
 * @param state its outcome, or open
 * @param detail the reason of its state, for a person to read
 */
record FollowedRequest(
        @Nullable RequestSource source, @Nullable RotationRequest request, RequestState state, String detail) {

    /** A request that was open when the job started. */
    static FollowedRequest of(OpenRequest open) {
        RotationRequest request = open.request();
        String detail = request == null ? "" : "requested at " + timestamp(request) + reason(request);
        return new FollowedRequest(open.source(), request, RequestState.OPEN, detail);
    }

    /** A request that the job made. */
    static FollowedRequest due(RotationRequest request) {
        return new FollowedRequest(null, request, RequestState.OPEN, "due since " + timestamp(request));
    }

    /** Identifies the request on every topic: a requestId alone may be used for several credentials. */
    String key() {
        return request == null
                ? Objects.requireNonNull(source).toString()
                : key(Objects.requireNonNull(request.requestId()), request.credential());
    }

    static String key(String requestId, CredentialId credential) {
        return credential + " " + requestId;
    }

    boolean isOpen() {
        return state == RequestState.OPEN;
    }

    /** The credential, or in parentheses the record of a request that could not be read. */
    String name() {
        return request == null ? "(" + source + ")" : request.credential().toString();
    }

    @Nullable
    String requestedBy() {
        return request == null ? null : request.requestedBy();
    }

    /** @param failure its event, which may be there before the ledger has the outcome; or null */
    FollowedRequest with(RequestState newState, @Nullable RotationFailed failure) {
        if (failure != null) {
            return new FollowedRequest(source, request, RequestState.FAILED, failure.code() + ": " + failure.detail());
        }
        return switch (newState) {
            case FAILED -> new FollowedRequest(source, request, newState, "it failed earlier, see the failures topic");
            case SATISFIED -> new FollowedRequest(source, request, newState, detail + "; a newer key is there");
            case OPEN, ROTATED -> new FollowedRequest(source, request, newState, detail);
        };
    }

    FollowedRequest stillOpen(String reason) {
        return new FollowedRequest(source, request, RequestState.OPEN, reason);
    }

    private static String reason(RotationRequest request) {
        return request.reason() == null ? "" : ": " + request.reason();
    }

    private static Instant timestamp(RotationRequest request) {
        return Objects.requireNonNull(request.requestedAt()).truncatedTo(ChronoUnit.SECONDS);
    }
}
