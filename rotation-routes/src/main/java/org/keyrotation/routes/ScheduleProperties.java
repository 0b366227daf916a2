package org.keyrotation.routes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.intake.ScheduleSettings;

/** {@code rotation.schedule.*}. */
final class ScheduleProperties {

    private static final String TARGETS = "rotation.schedule.targets";
    private static final String ALLOWED = "companyId/apiCredentialId, each of letters, digits, '.', '_', '@' and '-'";

    private final SettingsReader in;

    ScheduleProperties(SettingsReader in) {
        this.in = in;
    }

    @Nullable
    ScheduleSettings read() {
        boolean enabled = in.flag("rotation.schedule.enabled", false);
        Duration tick = in.duration("rotation.schedule.tick", "PT1H", Duration.ofSeconds(1), Duration.ofDays(365));
        String list = in.text(TARGETS, "", "a comma-separated list, or file: and a path", text -> true);
        List<CredentialId> targets = list.startsWith("file:") ? fromFile(list.substring(5)) : fromList(list);
        if (enabled && targets.isEmpty()) {
            in.problem(TARGETS, "it has no target", "at least one while rotation.schedule.enabled is true");
        }
        return enabled ? new ScheduleSettings(tick, targets) : null;
    }

    private List<CredentialId> fromList(String list) {
        List<CredentialId> targets = new ArrayList<>();
        int number = 0;
        for (String entry : list.isEmpty() ? List.<String>of() : List.of(list.split(",", -1))) {
            add(targets, entry, "entry " + ++number);
        }
        return targets;
    }

    private List<CredentialId> fromFile(String path) {
        List<CredentialId> targets = new ArrayList<>();
        try {
            int number = 0;
            for (String line : Files.readAllLines(Path.of(path))) {
                number++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    add(targets, line, "line " + number + " of " + path);
                }
            }
        } catch (IOException | InvalidPathException e) {
            in.problem(TARGETS, "the file " + path + " cannot be read", "a readable UTF-8 file with one target a line");
        }
        return targets;
    }

    private void add(List<CredentialId> targets, String entry, String where) {
        try {
            targets.add(CredentialId.parse(entry.strip()));
        } catch (IllegalArgumentException e) {
            in.problem(TARGETS, where + " is '" + entry + "'", ALLOWED);
        }
    }
}
