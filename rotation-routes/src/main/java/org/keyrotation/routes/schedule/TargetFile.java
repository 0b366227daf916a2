package org.keyrotation.routes.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.keyrotation.model.CredentialId;

/** A UTF-8 file with one target a line. Empty lines and comment lines, which begin with #, are skipped. */
final class TargetFile {

    private final Path path;
    private List<CredentialId> lastRead = List.of();

    TargetFile(Path path) {
        this.path = path;
    }

    /** Returns the valid targets. An unreadable file keeps the targets of its last successful read. */
    List<CredentialId> read(List<String> problems) {
        try {
            lastRead = parse(new String(Files.readAllBytes(path), UTF_8).lines().toList(), problems);
        } catch (IOException e) {
            problems.add("The target file %s cannot be read (%s): keeping the targets of its last successful read"
                    .formatted(path, e.getClass().getSimpleName()));
        }
        return lastRead;
    }

    private List<CredentialId> parse(List<String> lines, List<String> problems) {
        List<CredentialId> targets = new ArrayList<>();
        int number = 0;
        for (String line : lines) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                parse(line.strip(), number, targets, problems);
            }
        }
        return targets;
    }

    private void parse(String line, int number, List<CredentialId> targets, List<String> problems) {
        try {
            targets.add(CredentialId.parse(line));
        } catch (IllegalArgumentException e) {
            problems.add("%s, line %d: invalid target '%s', expected companyId/apiCredentialId"
                    .formatted(path, number, line.replaceAll("\\p{Cntrl}", "?")));
        }
    }
}
