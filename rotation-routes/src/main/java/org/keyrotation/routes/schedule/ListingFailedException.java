package org.keyrotation.routes.schedule;

/** The credentials of a company are not known now. */
final class ListingFailedException extends RuntimeException {

    ListingFailedException(String companyId, String detail) {
        super("The credentials of " + companyId + " cannot be listed: " + detail, null, false, false);
    }
}
