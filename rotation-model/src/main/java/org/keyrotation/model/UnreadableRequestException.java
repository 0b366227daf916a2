package org.keyrotation.model;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if a record on the requests topic is not a valid request. The message says why and never quotes the record. The
 * exception has no cause, because the message of a parser's exception may quote the record.
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

    /** The id of the request, for its failure event; null if no valid id could be read. */
    public @Nullable String requestId() {
        return requestId;
    }

    /** The credential of the request, for its failure event; null if no valid credential could be read. */
    public @Nullable CredentialId credential() {
        return credential;
    }
}
