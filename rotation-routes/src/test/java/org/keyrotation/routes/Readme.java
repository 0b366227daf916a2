package org.keyrotation.routes;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The code that the README shows. */
final class Readme {

    private Readme() {}

    /** The first block in this language under this heading. */
    static String block(String heading, String language) {
        Pattern block = Pattern.compile(
                "(?s)\n#+ " + Pattern.quote(heading) + "\n((?!\n#+ ).)*?\n```" + language + "\n(?<code>.*?)```");
        Matcher found = block.matcher(text());
        if (!found.find()) {
            throw new IllegalStateException("no %s under '%s'".formatted(language, heading));
        }
        return found.group("code");
    }

    /** Its properties, of which these have other values. */
    static Map<String, String> properties(String heading, Map<String, String> values) {
        Properties shown = new Properties();
        try {
            shown.load(new StringReader(block(heading, "properties")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> properties = new TreeMap<>();
        shown.stringPropertyNames().forEach(name -> properties.put(name, shown.getProperty(name)));
        if (!properties.keySet().containsAll(values.keySet())) {
            throw new IllegalStateException("it shows only " + properties.keySet());
        }
        properties.putAll(values);
        return properties;
    }

    private static String text() {
        try {
            return Files.readString(Path.of("..", "README.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
