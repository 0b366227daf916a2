package org.keyrotation.routes.rotate;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.FailureCode;
import org.keyrotation.routes.api.ApiResult;
import org.keyrotation.routes.ledger.UnfinishedRotation;

/**
 * Read-back: reading the credential, before a rotation for the key that it replaces, and after a call whose outcome is
 * uncertain for the key that it has now.
 */
final class ReadBack {

    private final boolean enabled;

    ReadBack(boolean enabled) {
        this.enabled = enabled;
    }

    /** Nothing is changed before the credential is known to be active, and the outcome of earlier calls is known. */
    boolean isDueBeforeCall(Exchange exchange) {
        Rotation.Progress progress = rotation(exchange).progress();
        return enabled && (progress.previousKeyFingerprint() == null || progress.isReadBackPending());
    }

    boolean isDueAfterCall(Exchange exchange) {
        Rotation.Progress progress = rotation(exchange).progress();
        return enabled
                && progress.previousKeyFingerprint() != null
                && progress.isReadBackPending()
                && isUndecided(progress);
    }

    /** No call after a read that decided or failed, nor after a response that reported success. */
    boolean isCallAllowed(Exchange exchange) {
        Rotation.Progress progress = rotation(exchange).progress();
        boolean isRead = progress.previousKeyFingerprint() != null && !progress.isReadBackPending();
        return isUndecided(progress) && !reportedSuccess(progress) && (isRead || !enabled);
    }

    /** Aggregation strategy: applies the result of a call to the rotation. */
    Exchange applyCallResult(Exchange exchange, Exchange call) {
        Message message = exchange.getMessage();
        Rotation rotation = message.getBody(Rotation.class);
        ApiResult result = call.getMessage().getBody(ApiResult.class);
        message.setBody(assumeNotExecuted(rotation, rotation.withCallResult(result)));
        return exchange;
    }

    /** Without read-back, trust an error response, unless an earlier call may have executed. */
    Rotation assumeNotExecuted(Rotation before, Rotation called) {
        return enabled || before.progress().isUncertain() ? called : called.confirmedNotExecuted();
    }

    /** A call that must not be repeated can still show in the credential. */
    boolean isRetryWorthwhile(ApiResult.UnknownOutcome unknown) {
        return enabled || unknown.repeatable();
    }

    /** Aggregation strategy: applies the result of a read to the rotation. */
    static Exchange applyReading(Exchange exchange, Exchange reading) {
        Message message = exchange.getMessage();
        ApiResult result = reading.getMessage().getBody(ApiResult.class);
        Rotation rotation = message.getBody(Rotation.class);
        String previous = rotation.progress().previousKeyFingerprint();
        message.setBody(previous == null ? beforeCall(rotation, result) : afterCall(rotation, previous, result));
        return exchange;
    }

    private static Rotation beforeCall(Rotation rotation, ApiResult result) {
        if (result instanceof ApiResult.CredentialRead read) {
            return read.credential().active()
                    ? withPreviousKey(rotation, read.credential().clientKey())
                    : rotation.withAnswer(inactive());
        }
        return rotation.withAnswer(
                result instanceof ApiResult.Inconclusive inconclusive ? notRead(inconclusive) : result);
    }

    private static Rotation withPreviousKey(Rotation rotation, @Nullable ClientKey key) {
        if (key != null) {
            return rotation.withPreviousKey(key.fingerprint());
        }
        return rotation.progress().firstKey() == Rotation.FirstKey.LIKELY
                ? rotation.withPreviousKey(UnfinishedRotation.NO_KEY)
                : rotation.withoutKey(readWithoutKey(false));
    }

    /** The read-back stays pending if the read fails, or does not show yet what the API reported as done. */
    private static Rotation afterCall(Rotation rotation, String previousKeyFingerprint, ApiResult result) {
        if (result instanceof ApiResult.CredentialRead read && !hasLostItsKey(read, previousKeyFingerprint)) {
            ClientKey key = read.credential().clientKey();
            if (key != null && !key.fingerprint().equals(previousKeyFingerprint)) {
                return rotation.withAnswer(new ApiResult.KeyGenerated(key, true));
            }
            if (!read.credential().active()) {
                return rotation.withAnswer(inactive());
            }
            return reportedSuccess(rotation.progress()) ? rotation : rotation.confirmedNotExecuted();
        }
        boolean isUnknown = rotation.progress().result() == null || result instanceof ApiResult.RateLimited;
        return isUnknown ? rotation.withAnswer(stillUncertain(result)) : rotation;
    }

    /** A response without the key, of a credential that had one, does not tell whether it was rotated. */
    private static boolean hasLostItsKey(ApiResult.CredentialRead read, String previousKeyFingerprint) {
        return read.credential().clientKey() == null && !previousKeyFingerprint.equals(UnfinishedRotation.NO_KEY);
    }

    private static ApiResult inactive() {
        return new ApiResult.Rejected(FailureCode.CREDENTIAL_INACTIVE, "The API credential is not active", null);
    }

    private static ApiResult readWithoutKey(boolean mayHaveExecuted) {
        return new ApiResult.Retryable("The credential was read without its client key", null, null, mayHaveExecuted);
    }

    private static ApiResult notRead(ApiResult.Inconclusive result) {
        String detail = "The credential could not be read: " + result.detail();
        if (result instanceof ApiResult.RateLimited rateLimited) {
            return new ApiResult.RateLimited(
                    detail, rateLimited.problem(), rateLimited.retryAfter(), rateLimited.called(), false);
        }
        return new ApiResult.Retryable(detail, result.problem(), result.retryAfter(), false);
    }

    /** Neither a rejected read nor one without a key says anything about the outcome of a resumed rotation. */
    private static ApiResult stillUncertain(ApiResult result) {
        if (result instanceof ApiResult.CredentialRead) {
            return readWithoutKey(true);
        }
        if (result instanceof ApiResult.Rejected rejected) {
            return new ApiResult.Retryable(
                    "The credential could not be read: " + rejected.detail(), rejected.problem(), null, true);
        }
        return notRead((ApiResult.Inconclusive) result);
    }

    private static boolean isUndecided(Rotation.Progress progress) {
        return progress.result() == null || progress.result() instanceof ApiResult.Inconclusive;
    }

    private static boolean reportedSuccess(Rotation.Progress progress) {
        return progress.result() instanceof ApiResult.UnknownOutcome unknown && !unknown.repeatable();
    }

    private static Rotation rotation(Exchange exchange) {
        return exchange.getMessage().getBody(Rotation.class);
    }
}
