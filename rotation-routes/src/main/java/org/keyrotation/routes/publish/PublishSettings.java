package org.keyrotation.routes.publish;

import java.time.Duration;
import java.util.List;

/**
 * The topics that outcomes go to.
 *
 * @param enabled whether keys and failures are published at all
 * @param defers whether a request that cannot be done now waits on a retry topic, or is its caller's to try again
 * @param retries for a first, a second, … deferral; the last repeats
 */
public record PublishSettings(
        boolean enabled, String keysTopic, String failuresTopic, boolean defers, List<RetryTopic> retries) {

    public PublishSettings {
        retries = List.copyOf(retries);
    }

    /**
     * One topic for each delay.
     *
     * @param delay that all of its records wait, so that the first in is the first due
     */
    public record RetryTopic(String name, Duration delay) {}

    public RetryTopic retry(int deferrals) {
        return retries.get(Math.min(deferrals, retries.size()) - 1);
    }
}
