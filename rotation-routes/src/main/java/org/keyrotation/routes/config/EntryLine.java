package org.keyrotation.routes.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A line of a text with one entry a line.
 *
 * @param place names the text and the line, for a problem
 * @param text the line without white space around it
 */
public record EntryLine(String place, String text) {

    private static final Pattern LINE_END = Pattern.compile("\\R");

    /**
     * Reads a UTF-8 text, with or without a byte order mark. It skips empty lines and comments, which begin with #.
     *
     * @param name names the text in problems
     * @throws CharacterCodingException if the text is not UTF-8; UTF-16 without a mark passes for UTF-8 with NULs
     */
    public static List<EntryLine> read(InputStream in, String name) throws IOException {
        List<EntryLine> lines = new ArrayList<>();
        int number = 0;
        for (String line : lines(in)) {
            number++;
            String text = InvisibleCharacters.strip(line);
            if (!text.isEmpty() && !text.startsWith("#")) {
                lines.add(new EntryLine(name + ", line " + number, text));
            }
        }
        return lines;
    }

    private static List<String> lines(InputStream in) throws IOException {
        String text =
                UTF_8.newDecoder().decode(ByteBuffer.wrap(in.readAllBytes())).toString();
        if (text.indexOf('\0') >= 0) {
            throw new CharacterCodingException();
        }
        return List.of(LINE_END.split(text.startsWith("\uFEFF") ? text.substring(1) : text));
    }
}
