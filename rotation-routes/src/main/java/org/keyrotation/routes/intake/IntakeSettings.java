package org.keyrotation.routes.intake;

import java.util.List;
import org.keyrotation.routes.publish.PublishSettings.RetryTopic;

/**
 * How requests are read.
 *
 * @param enabled whether they are
 * @param requestsTopic the topic of rotation requests
 * @param groupId the consumer group; that of a retry topic has the topic's name appended
 * @param maxInFlight calls of the API under way at once
 * @param handledAtOnce requests that are handled side by side
 * @param retries the topics whose requests come back after a delay
 */
public record IntakeSettings(
        boolean enabled,
        String requestsTopic,
        String groupId,
        int maxInFlight,
        int handledAtOnce,
        List<RetryTopic> retries) {

    public IntakeSettings {
        retries = List.copyOf(retries);
    }
}
