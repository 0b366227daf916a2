package org.keyrotation.routes.rotate;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.FailureCode;
import org.keyrotation.routes.api.ApiResult;

/** What reading the credential tells: before a rotation which key it replaces, after a lost answer whether it happened. */
final class ReadBack {

    private final boolean enabled;

    ReadBack(boolean enabled) {
        this.enabled = enabled;
    }

    /** Nothing is changed before it is known that the credential is there and active, and what became of earlier calls. */
    boolean isDueBefore(Exchange exchange) {
        Rotation.Progress progress = rotation(exchange).progress();
        return enabled && (progress.previousKeyFingerprint() == null || progress.unread());
    }

    boolean isDueAfter(Exchange exchange) {
        Rotation.Progress progress = rotation(exchange).progress();
        return enabled && progress.previousKeyFingerprint() != null && progress.unread() && isOpen(progress);
    }

    /** Not where the reading ended the matter or could not be done, nor where the API said that it has generated. */
    boolean mayCall(Exchange exchange) {
        Rotation.Progress progress = rotation(exchange).progress();
        boolean known = progress.previousKeyFingerprint() != null && !progress.unread();
        return isOpen(progress) && !isSaidToBeDone(progress) && (known || !enabled);
    }

    /** Where nothing is read, the API is taken at its word that it did not do it, unless an earlier call may have. */
    Rotation takenAtItsWord(Rotation before, Rotation called) {
        return enabled || before.progress().doubtful() ? called : called.notDone();
    }

    /** Whether another try may tell more: a call that must not be repeated can still show in the credential. */
    boolean isWorthAnotherTry(ApiResult.UnknownOutcome lost) {
        return enabled || lost.repeatable();
    }

    static Exchange learn(Exchange exchange, Exchange reading) {
        Message message = exchange.getMessage();
        ApiResult answer = reading.getMessage().getBody(ApiResult.class);
        Rotation rotation = message.getBody(Rotation.class);
        String previous = rotation.progress().previousKeyFingerprint();
        message.setBody(previous == null ? before(rotation, answer) : after(rotation, previous, answer));
        return exchange;
    }

    private static Rotation before(Rotation rotation, ApiResult answer) {
        if (answer instanceof ApiResult.CredentialRead found) {
            return found.credential().active()
                    ? rotation.replacing(found.credential().clientKey().fingerprint())
                    : rotation.answered(inactive());
        }
        return rotation.answered(answer instanceof ApiResult.Inconclusive unsettled ? unread(unsettled) : answer);
    }

    /** It stays unread where it cannot be read, or does not show yet what the API said was done. */
    private static Rotation after(Rotation rotation, String previousKeyFingerprint, ApiResult answer) {
        if (answer instanceof ApiResult.CredentialRead found) {
            ClientKey key = found.credential().clientKey();
            if (!key.fingerprint().equals(previousKeyFingerprint)) {
                return rotation.answered(new ApiResult.KeyGenerated(key, true));
            }
            if (!found.credential().active()) {
                return rotation.answered(inactive());
            }
            return isSaidToBeDone(rotation.progress()) ? rotation : rotation.notDone();
        }
        boolean unknown = rotation.progress().answer() == null || answer instanceof ApiResult.RateLimited;
        return unknown ? rotation.answered(stillUnknown(answer)) : rotation;
    }

    private static ApiResult inactive() {
        return new ApiResult.Rejected(FailureCode.CREDENTIAL_INACTIVE, "The API credential is not active", null);
    }

    private static ApiResult unread(ApiResult.Inconclusive answer) {
        String detail = "The credential could not be read: " + answer.detail();
        if (answer instanceof ApiResult.RateLimited notNow) {
            return new ApiResult.RateLimited(detail, notNow.problem(), notNow.retryAfter(), notNow.called());
        }
        return new ApiResult.Retryable(detail, answer.problem(), answer.retryAfter(), false);
    }

    /** Of a rotation that is resumed: a refusal to show the credential says nothing of what became of it. */
    private static ApiResult stillUnknown(ApiResult answer) {
        if (answer instanceof ApiResult.Rejected refused) {
            return new ApiResult.Retryable(
                    "The credential could not be read: " + refused.detail(), refused.problem(), null, true);
        }
        return unread((ApiResult.Inconclusive) answer);
    }

    private static boolean isOpen(Rotation.Progress progress) {
        return progress.answer() == null || progress.answer() instanceof ApiResult.Inconclusive;
    }

    private static boolean isSaidToBeDone(Rotation.Progress progress) {
        return progress.answer() instanceof ApiResult.UnknownOutcome lost && !lost.repeatable();
    }

    private static Rotation rotation(Exchange exchange) {
        return exchange.getMessage().getBody(Rotation.class);
    }
}
