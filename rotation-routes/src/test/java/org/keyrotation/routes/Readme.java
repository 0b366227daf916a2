package org.keyrotation.routes;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The code in the README of this module, for tests that execute it. */
final class Readme {

    static final Path PATH = Path.of("README.md");

    private Readme() {}

    /** Returns the first block in this language under this heading. */
    static String block(String heading, String language) {
        return blocks(heading, language).get(0);
    }

    /** Returns the blocks in this language under this heading. */
    static List<String> blocks(String heading, String language) {
        List<String> blocks = Markdown.read(PATH).section(heading).code(language);
        if (blocks.isEmpty()) {
            throw new IllegalStateException("no %s under '%s'".formatted(language, heading));
        }
        return blocks;
    }

    /** Returns the first properties under this heading, with other values for some of them. */
    static Map<String, String> properties(String heading, Map<String, String> values) {
        Map<String, String> properties = parse(block(heading, "properties"));
        if (!properties.keySet().containsAll(values.keySet())) {
            throw new IllegalStateException("the README has only " + properties.keySet());
        }
        properties.putAll(values);
        return properties;
    }

    static Map<String, String> parse(String block) {
        Properties parsed = new Properties();
        try {
            parsed.load(new StringReader(block));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> properties = new TreeMap<>();
        parsed.stringPropertyNames().forEach(name -> properties.put(name, parsed.getProperty(name)));
        return properties;
    }
}
