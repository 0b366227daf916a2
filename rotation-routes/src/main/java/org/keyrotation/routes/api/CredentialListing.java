package org.keyrotation.routes.api;

/**
 * A call that lists credentials: the message body that {@link ManagementApiRoutes#LIST_CREDENTIALS} expects.
 *
 * @param page from 1; {@link #PAGE_SIZE} credentials each
 */
public record CredentialListing(String companyId, int page) {

    /** The API's maximum. */
    static final int PAGE_SIZE = 100;
}
