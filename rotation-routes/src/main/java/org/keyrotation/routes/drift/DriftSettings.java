package org.keyrotation.routes.drift;

import java.util.Locale;
import java.util.stream.Stream;
import org.keyrotation.routes.config.SettingsReader;

/**
 * The setting {@code rotation.drift}.
 *
 * @param mode what becomes of a key that was rotated by hand
 */
public record DriftSettings(Mode mode) {

    /** What becomes of a key that was rotated by hand. */
    public enum Mode {
        /** The ledger, a metric and a log line say so. */
        REPORT,
        /** It is published as the new key, which moves the last rotation. */
        PUBLISH,
        /** The service does not look for such keys. */
        OFF;

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads {@code rotation.drift}. The reader collects the problems.
     *
     * @param readBack whether credentials are read back: a publication that was cut short is resumed by that
     */
    public static DriftSettings read(SettingsReader in, boolean readBack) {
        Mode mode = in.value(
                "rotation.drift",
                Mode.REPORT.text(),
                text -> Stream.of(Mode.values())
                        .filter(each -> text.equals(each.text()))
                        .findFirst()
                        .orElseThrow(IllegalArgumentException::new),
                "report, publish or off",
                each -> true);
        if (mode == Mode.PUBLISH && !readBack) {
            in.problem("rotation.drift", "invalid value 'publish' with rotation.read-back=false", "report or off");
        }
        return new DriftSettings(mode);
    }
}
