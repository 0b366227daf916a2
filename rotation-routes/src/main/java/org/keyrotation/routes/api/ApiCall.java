package org.keyrotation.routes.api;

import org.keyrotation.model.CredentialId;

/** What the body of a message to {@link ManagementApiRoutes#GENERATE_CLIENT_KEY} must tell. */
public interface ApiCall {

    /** The credential whose client key is to be generated. */
    CredentialId credential();

    /**
     * At most 64 characters, best a random UUID.
     *
     * @see <a href="https://docs.adyen.com/development-resources/api-idempotency">API idempotency</a>
     */
    String idempotencyKey();
}
