package org.keyrotation.routes.schedule;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.config.EntryLine;
import org.keyrotation.routes.config.InvisibleCharacters;

/**
 * A UTF-8 file with one target a line, with or without a byte order mark. Empty lines and comment lines, which begin with #,
 * are skipped.
 */
public final class TargetFile {

    private final Path path;
    private List<CredentialId> lastRead = List.of();

    TargetFile(Path path) {
        this.path = path;
    }

    /**
     * Reads a text in the form of a target file.
     *
     * @param name names the text in problems
     * @param problems one is added for each line that is no target
     * @return the valid targets
     * @throws CharacterCodingException if the text is not UTF-8; UTF-16 without a mark passes for UTF-8 with NULs
     */
    public static List<CredentialId> read(InputStream in, String name, List<String> problems) throws IOException {
        List<CredentialId> targets = new ArrayList<>();
        for (EntryLine line : EntryLine.read(in, name)) {
            parse(line, targets, problems);
        }
        return targets;
    }

    private static void parse(EntryLine line, List<CredentialId> targets, List<String> problems) {
        try {
            targets.add(CredentialId.parse(line.text()));
        } catch (IllegalArgumentException e) {
            problems.add("%s: invalid target '%s', expected companyId/apiCredentialId"
                    .formatted(line.place(), InvisibleCharacters.show(line.text())));
        }
    }

    /** Returns the valid targets. An unreadable file keeps the targets of its last successful read. */
    List<CredentialId> read(List<String> problems) {
        try (InputStream in = Files.newInputStream(path)) {
            lastRead = read(in, path.toString(), problems);
        } catch (IOException e) {
            problems.add(("The target file %s cannot be read as UTF-8 text (%s): keeping the targets of its last"
                            + " successful read")
                    .formatted(path, e.getClass().getSimpleName()));
        }
        return lastRead;
    }
}
