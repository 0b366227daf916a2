package org.keyrotation.routes.adoption;

import java.time.Duration;
import org.keyrotation.routes.config.SettingsReader;

/**
 * Settings of adoption, {@code rotation.adoption.*}.
 *
 * @param topic the topic of acknowledgements
 * @param expected the consumers that are expected to adopt each new key; none if adoption is not followed
 * @param overlap how long the previous key works
 */
public record AdoptionSettings(String topic, ExpectedConsumers expected, Duration overlap) {

    private static final Duration MIN_CHECK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration MAX_CHECK_INTERVAL = Duration.ofMinutes(1);
    private static final int MIN_CHECKS = 24;

    /**
     * Reads {@code rotation.adoption.*}. The reader collects the problems.
     *
     * @param overlap how long the previous key works
     */
    public static AdoptionSettings read(SettingsReader in, Duration overlap) {
        return new AdoptionSettings(
                in.topic("rotation.topics.acknowledgements", "rotation.acknowledgements"),
                new ExpectedConsumersReader(in).read(),
                overlap);
    }

    /** Returns the time between two checks: a minute, or less in a short overlap. */
    Duration checkInterval() {
        Duration part = overlap.dividedBy(MIN_CHECKS);
        if (part.compareTo(MAX_CHECK_INTERVAL) > 0) {
            return MAX_CHECK_INTERVAL;
        }
        return part.compareTo(MIN_CHECK_INTERVAL) < 0 ? MIN_CHECK_INTERVAL : part;
    }

    /** Whether adoption is followed: at least one consumer is expected. */
    public boolean enabled() {
        return !expected.names().isEmpty();
    }
}
