package org.keyrotation.routes.api;

/** Thrown when the API does not return the credentials of a company. */
public final class ListingFailedException extends RuntimeException {

    ListingFailedException(String companyId, String detail) {
        super("Cannot list the credentials of company " + companyId + ": " + detail, null, false, false);
    }
}
