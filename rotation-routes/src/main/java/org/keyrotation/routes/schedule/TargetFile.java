package org.keyrotation.routes.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.keyrotation.model.CredentialId;

/** One target a line; empty lines, and those that begin with #, are none. */
final class TargetFile {

    private final Path path;
    private List<CredentialId> lastRead = List.of();

    TargetFile(Path path) {
        this.path = path;
    }

    /** Those that can be read; where the file cannot, those that could before. */
    List<CredentialId> read(List<String> problems) {
        try {
            lastRead = parse(new String(Files.readAllBytes(path), UTF_8).lines().toList(), problems);
        } catch (IOException e) {
            problems.add("The file %s cannot be read (%s): the targets that it had before stay"
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
            problems.add("Line %d of %s is '%s'; allowed is companyId/apiCredentialId"
                    .formatted(number, path, line.replaceAll("\\p{Cntrl}", "?")));
        }
    }
}
