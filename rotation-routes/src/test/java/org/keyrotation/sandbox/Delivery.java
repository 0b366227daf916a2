package org.keyrotation.sandbox;

/** How a response is sent to the client, or fails to be. */
enum Delivery {
    WHOLE,
    /** The connection closes after half of the body. */
    TRUNCATED,
    /** The response is chunked; the body stands where the size of a chunk is expected. */
    BAD_CHUNK,
    /** The headers contain a line without a colon, and this line contains the body. */
    BAD_HEADER,
    /** The headers, then a chunk of one blank every tenth of a second, for ever. */
    TRICKLE,
    /** The connection stays open; no response is sent. */
    NEVER,
    /** The server resets the TCP connection. */
    RESET
}
