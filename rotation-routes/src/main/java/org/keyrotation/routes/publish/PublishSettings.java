package org.keyrotation.routes.publish;

import java.time.Duration;
import java.util.List;

/**
 * The topics that outcomes go to.
 *
 * @param retries for a first, a second, … deferral; the last repeats
 */
public record PublishSettings(String keysTopic, String failuresTopic, List<RetryTopic> retries) {

    public PublishSettings {
        retries = List.copyOf(retries);
    }

    /**
     * One topic for each delay.
     *
     * @param delay that all of its records wait, so that the first in is the first due
     */
    public record RetryTopic(String name, Duration delay) {}

    RetryTopic retry(int deferrals) {
        return retries.get(Math.min(deferrals, retries.size()) - 1);
    }
}
