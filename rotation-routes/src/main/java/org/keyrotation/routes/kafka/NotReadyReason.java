package org.keyrotation.routes.kafka;

import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * The reason why requests cannot be processed now.
 *
 * @param text the reason, without any secret
 * @param retryable whether it may end by itself; false where a setting, a topic or a permission must be changed
 * @param wrongConfiguration whether only a start with another configuration helps
 */
public record NotReadyReason(String text, boolean retryable, boolean wrongConfiguration) {

    public NotReadyReason(String text, boolean retryable) {
        this(text, retryable, false);
    }

    public static NotReadyReason retryable(String text) {
        return new NotReadyReason(text, true);
    }

    public static NotReadyReason permanent(String text) {
        return new NotReadyReason(text, false);
    }

    public static NotReadyReason wrongConfiguration(String text) {
        return new NotReadyReason(text, false, true);
    }

    /** Returns the reason of an error of a Kafka client. It is permanent if the brokers refused a request. */
    public static NotReadyReason of(String what, Throwable error) {
        return new NotReadyReason(what + ": " + KafkaClients.reason(error), !isRefused(error));
    }

    /** Whether the brokers have refused a request, and would refuse the same request again. */
    public static boolean isRefused(Throwable error) {
        Throwable cause = KafkaClients.rootCause(error);
        return cause instanceof ApiException && !(cause instanceof RetriableException);
    }
}
