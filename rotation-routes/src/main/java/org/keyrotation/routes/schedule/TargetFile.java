package org.keyrotation.routes.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
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
public final class TargetFile {

    private static final Pattern LINE_END = Pattern.compile("\\R");

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
        int number = 0;
        for (String line : lines(in)) {
            number++;
            String target = InvisibleCharacters.strip(line);
            if (!target.isEmpty() && !target.startsWith("#")) {
                parse(target, name + ", line " + number, targets, problems);
            }
        }
        return targets;
    }

    private static List<String> lines(InputStream in) throws IOException {
        String text =
                UTF_8.newDecoder().decode(ByteBuffer.wrap(in.readAllBytes())).toString();
        if (text.indexOf('\0') >= 0) {
            throw new CharacterCodingException();
        }
        return List.of(LINE_END.split(text.startsWith("\uFEFF") ? text.substring(1) : text));
    }

    private static void parse(String line, String place, List<CredentialId> targets, List<String> problems) {
        try {
            targets.add(CredentialId.parse(line));
        } catch (IllegalArgumentException e) {
            problems.add("%s: invalid target '%s', expected companyId/apiCredentialId"
                    .formatted(place, InvisibleCharacters.show(line)));
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
