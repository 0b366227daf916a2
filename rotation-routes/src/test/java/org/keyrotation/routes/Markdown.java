package org.keyrotation.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Markdown file, split into its sections. */
public record Markdown(Path path, List<Section> sections) {

    private static final Pattern HEADING = Pattern.compile("(#+) (.+)");

    public static Markdown read(Path path) {
        List<Section> sections = new ArrayList<>();
        Section section = new Section(0, "", new ArrayList<>());
        boolean inCode = false;
        for (String line : lines(path)) {
            Matcher heading = HEADING.matcher(line);
            inCode ^= line.startsWith("```");
            if (!inCode && heading.matches()) {
                section = new Section(heading.group(1).length(), heading.group(2), new ArrayList<>());
                sections.add(section);
            } else {
                section.lines().add(line);
            }
        }
        return new Markdown(path, sections);
    }

    private static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Section section(String heading) {
        return sections.stream()
                .filter(section -> section.heading().equals(heading))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("%s has no section '%s'".formatted(path, heading)));
    }

    /** Returns the blocks of code in this language. */
    public List<String> code(String language) {
        return sections.stream()
                .flatMap(section -> section.code(language).stream())
                .toList();
    }

    /** Returns the text that is not code. */
    String prose() {
        return String.join("\n", sections.stream().map(Section::prose).toList());
    }

    /**
     * One section.
     *
     * @param level the number of {@code #} before the heading
     */
    public record Section(int level, String heading, List<String> lines) {

        List<String> code(String language) {
            List<String> blocks = new ArrayList<>();
            StringBuilder block = null;
            String blockLanguage = "";
            for (String line : lines) {
                if (line.startsWith("```") && block == null) {
                    block = new StringBuilder();
                    blockLanguage = line.substring(3);
                } else if (line.equals("```") && block != null) {
                    if (blockLanguage.equals(language)) {
                        blocks.add(block.toString());
                    }
                    block = null;
                } else if (block != null) {
                    block.append(line).append('\n');
                }
            }
            return blocks;
        }

        /** Returns the cells of each row of the tables, without the back quotes of code and without table heads. */
        public List<List<String>> rows() {
            List<List<String>> rows = new ArrayList<>();
            String previous = "";
            for (String line : lines) {
                if (line.startsWith("|---")) {
                    rows.remove(cells(previous));
                } else if (line.startsWith("|")) {
                    rows.add(cells(line));
                }
                previous = line;
            }
            return rows;
        }

        private static List<String> cells(String row) {
            return Arrays.stream(row.split("\\|", -1))
                    .skip(1)
                    .map(cell -> cell.replace("`", "").strip())
                    .toList();
        }

        private String prose() {
            List<String> prose = new ArrayList<>();
            @Nullable String fence = null;
            for (String line : lines) {
                if (line.startsWith("```")) {
                    fence = fence == null ? line : null;
                } else if (fence == null) {
                    prose.add(line);
                }
            }
            return String.join("\n", prose);
        }
    }
}
