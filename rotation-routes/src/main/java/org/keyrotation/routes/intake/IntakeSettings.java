package org.keyrotation.routes.intake;

import org.keyrotation.routes.api.ApiSettings;
import org.keyrotation.routes.config.SettingsReader;

/**
 * Settings of the intake.
 *
 * @param enabled whether requests are read from their topic
 * @param requestsTopic the topic of rotation requests
 * @param groupId the consumer group
 * @param maxConcurrency the number of requests in flight
 * @param capacity the number of requests that are polled and not completed, at which no more are fetched
 */
public record IntakeSettings(boolean enabled, String requestsTopic, String groupId, int maxConcurrency, int capacity) {

    /** Large enough that one busy credential, or a throttled company, does not block the others. */
    private static final int MIN_CAPACITY = 10_000;

    private static final int CAPACITY_PER_CALL = 8;

    /** Reads the settings of the intake. The reader collects invalid ones as problems. */
    public static IntakeSettings read(SettingsReader in, ApiSettings api) {
        return new IntakeSettings(
                in.flag("rotation.intake.enabled", true),
                in.topic("rotation.topics.requests", "rotation.requests"),
                in.text(
                        "rotation.kafka.group-id",
                        in.prefix().publicEndpoint("key-rotation"),
                        "1 to 200 characters",
                        id -> id.length() <= 200),
                maxConcurrency(api),
                Math.max(MIN_CAPACITY, CAPACITY_PER_CALL * api.maxInFlight()));
    }

    /**
     * Processes twice as many requests as calls, so that calls continue while others wait for Kafka. Not with a rate limit:
     * queued requests would be released in a burst.
     */
    private static int maxConcurrency(ApiSettings api) {
        return api.requestsPerSecond() == 0 ? 2 * api.maxInFlight() : api.maxInFlight();
    }
}
