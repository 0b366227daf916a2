package org.keyrotation.routes;

/**
 * What an application supplies itself, so that properties need not.
 *
 * @param signIns the sign-in for each call of the API
 * @param handler somebody who takes outcomes
 */
record Supplied(boolean signIns, boolean handler) {

    static final Supplied NOTHING = new Supplied(false, false);
}
