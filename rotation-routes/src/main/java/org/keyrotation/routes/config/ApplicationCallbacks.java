package org.keyrotation.routes.config;

/**
 * The callbacks that an application registers in code, so that properties need not replace them.
 *
 * @param hasAuthProvider whether it provides the authentication of API calls
 * @param hasOutcomeHandler whether it handles outcomes
 */
public record ApplicationCallbacks(boolean hasAuthProvider, boolean hasOutcomeHandler) {

    public static final ApplicationCallbacks NONE = new ApplicationCallbacks(false, false);
}
