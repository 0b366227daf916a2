package org.keyrotation.routes.rotate;

import java.time.Duration;
import org.keyrotation.routes.config.SettingsReader;

/**
 * Settings of a rotation.
 *
 * @param activationDelay how long the API needs until a new key works
 * @param overlap how long the previous key works after the new one was generated
 * @param minInterval the least time between two rotations of a credential, unless the later request is forced
 * @param readBack whether the credential is read before its rotation, and after a lost answer
 * @param giveUpAfter the time from the first attempt after which a request ends as GAVE_UP
 */
public record RotateSettings(
        Duration activationDelay, Duration overlap, Duration minInterval, boolean readBack, Duration giveUpAfter) {

    private static final Duration MAX_DELAY = Duration.ofDays(30);
    private static final Duration MAX_INTERVAL = Duration.ofDays(3650);

    /** Reads the settings of a rotation. The reader collects invalid ones as problems. */
    public static RotateSettings read(SettingsReader in) {
        Duration overlap = in.duration("rotation.overlap", "PT24H", Duration.ZERO, MAX_DELAY);
        return new RotateSettings(
                in.duration("rotation.activation-delay", "PT5M", Duration.ZERO, MAX_DELAY),
                overlap,
                in.duration("rotation.min-interval", overlap.toString(), Duration.ZERO, MAX_INTERVAL),
                in.flag("rotation.read-back", true),
                in.duration("rotation.retry.give-up-after", "PT24H", Duration.ZERO, MAX_DELAY));
    }
}
