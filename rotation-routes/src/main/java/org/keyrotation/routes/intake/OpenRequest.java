package org.keyrotation.routes.intake;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RotationRequest;

/**
 * A request on the requests topic or a retry topic that its consumer group has not committed.
 *
 * @param source where the request was first found, as its failure would name it
 * @param request the request with its requestId and requestedAt; null if it is malformed or invalid
 * @param deferrals how often it was deferred
 * @param lastError the reason of its last deferral; null if it was never deferred
 * @param producedAt when its first record was produced
 */
public record OpenRequest(
        RequestSource source,
        @Nullable RotationRequest request,
        int deferrals,
        @Nullable String lastError,
        Instant producedAt) {}
