package org.keyrotation.routes.api;

import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ApiCredentialPage;

/**
 * A credential as the API's listing of its company shows it.
 *
 * @param active whether it is active
 * @param keyFingerprint the fingerprint of its current client key; null if it has none
 */
public record ListedCredential(boolean active, @Nullable String keyFingerprint) {

    static ListedCredential of(ApiCredentialPage.Item item) {
        return new ListedCredential(item.active(), item.keyFingerprint());
    }
}
