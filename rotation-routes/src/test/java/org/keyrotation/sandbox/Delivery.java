package org.keyrotation.sandbox;

/** What becomes of an answer on its way to the client. */
enum Delivery {
    WHOLE,
    /** The body ends halfway, and the connection with it. */
    TRUNCATED,
    /** Chunked, and where the size of a chunk should be stands the body. */
    BAD_CHUNK,
    /** Among the headers stands a line that is none, and it holds the body. */
    BAD_HEADER,
    /** The connection stays open, and nothing comes. */
    NEVER,
    /** TCP reset. */
    RESET
}
