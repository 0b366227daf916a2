package org.keyrotation.routes.api;

/** Nobody knows how to sign in for a company. */
final class MissingApiAuthException extends RuntimeException {

    /** @param remedy what to do about it */
    MissingApiAuthException(String companyId, String remedy) {
        super("No sign-in is known for company " + companyId + ": " + remedy);
    }
}
