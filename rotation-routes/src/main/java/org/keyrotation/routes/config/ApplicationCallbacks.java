package org.keyrotation.routes.config;

/**
 * What an application supplies itself, so that properties need not.
 *
 * @param signIns the sign-in for each call of the API
 * @param handler somebody who takes outcomes
 */
public record ApplicationCallbacks(boolean signIns, boolean handler) {

    public static final ApplicationCallbacks NOTHING = new ApplicationCallbacks(false, false);
}
