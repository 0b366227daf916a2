package org.keyrotation.model;

import org.jspecify.annotations.Nullable;

/**
 * A record on the requests topic is not a request. The message says why, and never quotes the record. No cause is kept,
 * since a parser's messages may quote it.
 */
public final class UnreadableRequestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final FailureCode code;
    private final @Nullable String requestId;
    private final transient @Nullable CredentialId credential;

    private UnreadableRequestException(
            FailureCode code, String detail, @Nullable String requestId, @Nullable CredentialId credential) {
        super(detail);
        this.code = code;
        this.requestId = requestId;
        this.credential = credential;
    }

    static UnreadableRequestException malformed(String detail) {
        return new UnreadableRequestException(FailureCode.MALFORMED_REQUEST, detail, null, null);
    }

    static UnreadableRequestException invalid(
            String detail, @Nullable String requestId, @Nullable CredentialId credential) {
        return new UnreadableRequestException(FailureCode.INVALID_REQUEST, detail, requestId, credential);
    }

    /** {@link FailureCode#MALFORMED_REQUEST} or {@link FailureCode#INVALID_REQUEST}. */
    public FailureCode code() {
        return code;
    }

    /** The request's id where a valid one could still be read, so that the failure can name it. */
    public @Nullable String requestId() {
        return requestId;
    }

    /** The request's credential where a valid one could still be read, so that the failure can name it. */
    public @Nullable CredentialId credential() {
        return credential;
    }
}
