package org.keyrotation.routes.schedule;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.config.GlobPattern;
import org.keyrotation.routes.config.InvisibleCharacters;
import org.keyrotation.routes.config.SettingsReader;
import org.keyrotation.routes.schedule.ScheduleSettings.FirstRotation;

/** The reader of {@code rotation.schedule.*}. */
final class ScheduleSettingsReader {

    private static final String PREFIX = "rotation.schedule.";
    private static final String TARGETS = PREFIX + "targets";
    private static final String COMPANIES = PREFIX + "companies";
    private static final String EXCLUDE = PREFIX + "exclude";
    private static final String WINDOW = PREFIX + "window";
    private static final String SPREAD = PREFIX + "spread";
    private static final String FILE = "file:";
    private static final String IDS = "each of letters, digits, '.', '_', '@' and '-'";
    private static final Duration DECADE = Duration.ofDays(3650);

    private final SettingsReader in;

    ScheduleSettingsReader(SettingsReader in) {
        this.in = in;
    }

    ScheduleSettings read() {
        int problemsBefore = in.problems().size();
        String targets = in.text(TARGETS, "", "a comma-separated list, or file: and a path", text -> true);
        boolean fromFile = targets.startsWith(FILE);
        List<CredentialId> named = fromFile ? List.of() : targets(targets);
        Path file = fromFile ? file(InvisibleCharacters.strip(targets.substring(FILE.length()))) : null;
        List<String> companies = companies();
        boolean areTargetsValid = in.problems().size() == problemsBefore;
        Duration tick = in.duration(PREFIX + "tick", "PT1H", Duration.ofSeconds(1), Duration.ofHours(12));
        MaintenanceWindow window = window(tick);
        ScheduleSettings settings = new ScheduleSettings(
                in.flag(PREFIX + "enabled", false),
                tick,
                in.duration(PREFIX + "interval", "P90D", Duration.ofSeconds(1), DECADE),
                named,
                file,
                companies,
                exclude(),
                window,
                spread(tick, window),
                firstRotation(),
                in.flag(PREFIX + "paused", false));
        if (settings.enabled() && !settings.hasTargets() && areTargetsValid) {
            in.problem(TARGETS, "no target", "at least one, or " + COMPANIES + ", while " + PREFIX + "enabled is true");
        }
        return settings;
    }

    private List<CredentialId> targets(String list) {
        List<CredentialId> targets = new ArrayList<>();
        for (String entry : entries(list)) {
            try {
                targets.add(CredentialId.parse(entry));
            } catch (IllegalArgumentException e) {
                in.problem(TARGETS, "invalid entry '" + entry + "'", "companyId/apiCredentialId, " + IDS);
            }
        }
        return targets;
    }

    /** Checks the file only. Each tick reads its lines, and an invalid line does not stop the others. */
    private @Nullable Path file(String name) {
        try {
            Path path = Path.of(name);
            readable(path);
            return path;
        } catch (IOException | InvalidPathException e) {
            in.problem(TARGETS, "the file " + name + " cannot be read", "a readable UTF-8 file with one target a line");
            return null;
        }
    }

    private static void readable(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            List<CredentialId> unused = TargetFile.read(in, path.toString(), new ArrayList<>());
        }
    }

    private List<String> companies() {
        List<String> companies = entries(in.text(COMPANIES, "", "a comma-separated list of company ids", text -> true));
        for (String company : companies) {
            try {
                CredentialId unused = new CredentialId(company, "any");
            } catch (IllegalArgumentException e) {
                in.problem(COMPANIES, "invalid entry '" + company + "'", "company ids, " + IDS);
            }
        }
        return companies;
    }

    private List<String> exclude() {
        List<String> patterns = entries(in.text(EXCLUDE, "", "a comma-separated list", text -> true));
        for (String pattern : patterns) {
            if (!isPattern(pattern)) {
                in.problem(
                        EXCLUDE,
                        "invalid entry '" + pattern + "'",
                        "ids or glob patterns, such as S2-0001, AcmeCorp/* or AcmeCorp/S2-00*");
            }
        }
        return patterns;
    }

    private static boolean isPattern(String pattern) {
        try {
            GlobPattern unused = new GlobPattern(pattern);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private MaintenanceWindow window(Duration tick) {
        String text = in.text(WINDOW, "", MaintenanceWindow.EXPECTED, any -> true);
        MaintenanceWindow window = MaintenanceWindow.ALWAYS;
        try {
            window = text.isEmpty() ? window : MaintenanceWindow.parse(text);
        } catch (IllegalArgumentException e) {
            in.problem(WINDOW, String.valueOf(e.getMessage()), MaintenanceWindow.EXPECTED);
        }
        if (window.length().compareTo(tick) < 0) {
            in.problem(
                    WINDOW,
                    "the window is open for " + window.length() + ", which a tick may miss",
                    "a window of at least " + PREFIX + "tick, " + tick);
        }
        return window;
    }

    /** The default is the length of the window: credentials that become due together are rotated in one opening. */
    private Duration spread(Duration tick, MaintenanceWindow window) {
        Duration minimum = tick.multipliedBy(2);
        Duration byDefault = window.length().compareTo(minimum) < 0 ? minimum : window.length();
        Duration spread = in.duration(SPREAD, byDefault.toString(), Duration.ZERO, DECADE);
        if (!spread.isZero() && spread.compareTo(minimum) < 0) {
            in.problem(
                    SPREAD,
                    "invalid value " + spread + ", since a tick requests all of its due rotations at once",
                    "PT0S for no spread, or at least two times " + PREFIX + "tick, " + minimum);
        }
        return spread;
    }

    private FirstRotation firstRotation() {
        return in.value(
                PREFIX + "first-rotation",
                "after-interval",
                text -> Stream.of(FirstRotation.values())
                        .filter(each ->
                                text.equals(each.name().toLowerCase(Locale.ROOT).replace('_', '-')))
                        .findFirst()
                        .orElseThrow(IllegalArgumentException::new),
                "after-interval, or now",
                each -> true);
    }

    private static List<String> entries(String list) {
        return list.isEmpty()
                ? List.of()
                : Stream.of(list.split(",", -1)).map(InvisibleCharacters::strip).toList();
    }
}
