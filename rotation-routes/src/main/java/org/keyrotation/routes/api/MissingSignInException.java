package org.keyrotation.routes.api;

/** Nobody knows how to sign in for a company. */
final class MissingSignInException extends RuntimeException {

    /** @param remedy what to do about it */
    MissingSignInException(String companyId, String remedy) {
        super("No sign-in is known for company " + companyId + ": " + remedy);
    }
}
