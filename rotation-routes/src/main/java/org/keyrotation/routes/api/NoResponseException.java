package org.keyrotation.routes.api;

import java.io.IOException;

/** A call that was sent, and whose answer did not arrive whole. It has neither a cause nor any word of the answer. */
final class NoResponseException extends IOException {

    private static final long serialVersionUID = 1;

    NoResponseException(String kind) {
        super(kind);
    }
}
