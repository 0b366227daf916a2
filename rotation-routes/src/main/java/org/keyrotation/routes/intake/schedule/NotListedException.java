package org.keyrotation.routes.intake.schedule;

/** The credentials of a company are not known now. */
final class NotListedException extends RuntimeException {

    NotListedException(String companyId, String detail) {
        super("The credentials of " + companyId + " cannot be listed: " + detail, null, false, false);
    }
}
