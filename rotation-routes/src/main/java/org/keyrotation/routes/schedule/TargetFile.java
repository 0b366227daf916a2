package org.keyrotation.routes.schedule;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.config.InvisibleCharacters;

/**
 * A UTF-8 file with one target a line, with or without a byte order mark. Empty lines and comment lines, which begin with #,
 * are skipped.
 */
final class TargetFile {

    private static final Pattern LINE_END = Pattern.compile("\\R");

    private final Path path;
    private List<CredentialId> lastRead = List.of();

    TargetFile(Path path) {
        this.path = path;
    }

    /** @throws CharacterCodingException if the file is not UTF-8 text; UTF-16 without a mark passes for UTF-8 with NULs */
    static List<String> readLines(Path path) throws IOException {
        String text = Files.readString(path);
        if (text.indexOf('\0') >= 0) {
            throw new CharacterCodingException();
        }
        return List.of(LINE_END.split(text.startsWith("\uFEFF") ? text.substring(1) : text));
    }

    /** Returns the valid targets. An unreadable file keeps the targets of its last successful read. */
    List<CredentialId> read(List<String> problems) {
        try {
            lastRead = parse(readLines(path), problems);
        } catch (IOException e) {
            problems.add(("The target file %s cannot be read as UTF-8 text (%s): keeping the targets of its last"
                            + " successful read")
                    .formatted(path, e.getClass().getSimpleName()));
        }
        return lastRead;
    }

    private List<CredentialId> parse(List<String> lines, List<String> problems) {
        List<CredentialId> targets = new ArrayList<>();
        int number = 0;
        for (String line : lines) {
            number++;
            String target = InvisibleCharacters.strip(line);
            if (!target.isEmpty() && !target.startsWith("#")) {
                parse(target, number, targets, problems);
            }
        }
        return targets;
    }

    private void parse(String line, int number, List<CredentialId> targets, List<String> problems) {
        try {
            targets.add(CredentialId.parse(line));
        } catch (IllegalArgumentException e) {
            problems.add("%s, line %d: invalid target '%s', expected companyId/apiCredentialId"
                    .formatted(path, number, InvisibleCharacters.show(line)));
        }
    }
}
