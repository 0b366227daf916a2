package org.keyrotation.routes.api;

/** No API key and no user is set for a company. */
final class MissingSignInException extends RuntimeException {

    MissingSignInException(String companyId) {
        super("No sign-in is set for company " + companyId + ": set rotation.api.key, or rotation.api.companies."
                + companyId + ".key, or a username and password instead");
    }
}
