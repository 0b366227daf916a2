package org.keyrotation.app.follow;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.intake.OpenRequest;

/**
 * A request that is followed to its outcome, with what is known of it.
 *
 * @param source where it was first found; null if this process made it
 * @param request null if it is malformed or invalid
 * @param state its outcome, or open
 * @param detail the reason of its state, for a person to read
 * @param isNew whether it was made after its follower began, so that no event of it is missed
 */
public record FollowedRequest(
        @Nullable RequestSource source,
        @Nullable RotationRequest request,
        RequestState state,
        String detail,
        boolean isNew) {

    /** A request that is open. */
    public static FollowedRequest of(OpenRequest open) {
        RotationRequest request = open.request();
        String detail = request == null ? "" : "requested at " + timestamp(request) + reason(request);
        return new FollowedRequest(open.source(), request, RequestState.OPEN, detail, false);
    }

    /** A request that the schedule makes. */
    public static FollowedRequest due(RotationRequest request) {
        return new FollowedRequest(null, request, RequestState.OPEN, "due since " + timestamp(request), false);
    }

    /** A request that is made now. */
    public static FollowedRequest made(RotationRequest request) {
        return new FollowedRequest(null, request, RequestState.OPEN, "", true);
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

    /** Whether it has no outcome. */
    public boolean isOpen() {
        return state == RequestState.OPEN;
    }

    /** The credential, or in parentheses the record of a request that could not be read. */
    public String name() {
        return request == null ? "(" + source + ")" : request.credential().toString();
    }

    /** Who requested it; null if that is not known. */
    public @Nullable String requestedBy() {
        return request == null ? null : request.requestedBy();
    }

    /** Returns the request in the state that the ledger has. An event of it would have the reason. */
    public FollowedRequest with(RequestState newState) {
        return switch (newState) {
            case OPEN -> this;
            case ROTATED -> with(newState, detail);
            case SATISFIED -> with(newState, newerKey());
            case FAILED ->
                with(
                        newState,
                        isNew
                                ? "it failed, see the failures topic of the service"
                                : "it failed earlier, see the failures topic");
        };
    }

    /** Returns the request with its event, which may be there before the ledger has the outcome. */
    FollowedRequest with(RotationEvent event) {
        return event instanceof RotationFailed failure
                ? with(RequestState.FAILED, failure.code() + ": " + failure.detail())
                : with(RequestState.SATISFIED, newerKey());
    }

    private String newerKey() {
        return detail.isEmpty() ? "a newer key is there" : detail + "; a newer key is there";
    }

    private FollowedRequest with(RequestState newState, String newDetail) {
        return new FollowedRequest(source, request, newState, newDetail, isNew);
    }

    /** Returns the request with the reason why it is open. */
    public FollowedRequest stillOpen(String reason) {
        return with(RequestState.OPEN, reason);
    }

    private static String reason(RotationRequest request) {
        return request.reason() == null ? "" : ": " + request.reason();
    }

    private static Instant timestamp(RotationRequest request) {
        return Objects.requireNonNull(request.requestedAt()).truncatedTo(ChronoUnit.SECONDS);
    }
}
