package org.keyrotation.routes.api;

/** A source of sign-ins failed. What it said is not told: it may hold a secret. */
final class ApiAuthUnavailableException extends RuntimeException {

    ApiAuthUnavailableException(Exception cause) {
        super("the source of the sign-in failed with " + cause.getClass().getName(), null, false, false);
    }
}
