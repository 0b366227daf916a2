package org.keyrotation.sandbox;

/** What becomes of an answer on its way to the client. */
enum Delivery {
    WHOLE,
    /** The body ends halfway, and the connection with it. */
    TRUNCATED,
    /** The connection stays open, and nothing comes. */
    NEVER,
    /** TCP reset. */
    RESET
}
