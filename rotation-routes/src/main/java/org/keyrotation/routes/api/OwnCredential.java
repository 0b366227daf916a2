package org.keyrotation.routes.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ApiCredential;

/**
 * What the API says of the credential that authenticates the calls.
 *
 * @param credential null if the API did not return it
 * @param problem why it did not; null if it did
 * @param answered whether there was a response at all
 * @param time the API's time of the response; null if the response has none
 */
public record OwnCredential(
        @Nullable ApiCredential credential, @Nullable String problem, boolean answered, @Nullable Instant time) {}
