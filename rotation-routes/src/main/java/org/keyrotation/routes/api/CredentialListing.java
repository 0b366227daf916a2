package org.keyrotation.routes.api;

/**
 * What the body of a message to {@link ManagementApiRoutes#LIST_CREDENTIALS} must tell.
 *
 * @param page from 1; {@link #PAGE_SIZE} credentials each
 */
public record CredentialListing(String companyId, int page) {

    /** The most that the API gives. */
    static final int PAGE_SIZE = 100;
}
