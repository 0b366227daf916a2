package org.keyrotation.routes.adoption;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.routes.config.EntryLine;
import org.keyrotation.routes.config.GlobPattern;
import org.keyrotation.routes.config.InvisibleCharacters;
import org.keyrotation.routes.config.SettingsReader;

/** Reader of {@code rotation.adoption.consumers}: names, or a file with {@code glob = name, name} a line. */
final class ExpectedConsumersReader {

    private static final String CONSUMERS = "rotation.adoption.consumers";
    private static final String FILE = "file:";
    private static final String ALL_CREDENTIALS = "*";
    private static final String NAMES = "names of consumers that match [A-Za-z0-9][A-Za-z0-9._@-]{0,99}";

    private final SettingsReader in;

    ExpectedConsumersReader(SettingsReader in) {
        this.in = in;
    }

    ExpectedConsumers read() {
        String text = in.text(CONSUMERS, "", "a comma-separated list, or file: and a path", any -> true);
        if (text.startsWith(FILE)) {
            return file(InvisibleCharacters.strip(text.substring(FILE.length())));
        }
        List<String> names = names(text, "");
        return names.isEmpty() ? ExpectedConsumers.NONE : new ExpectedConsumers(List.of(rule(ALL_CREDENTIALS, names)));
    }

    private ExpectedConsumers file(String name) {
        try (InputStream file = Files.newInputStream(Path.of(name))) {
            List<ExpectedConsumers.Rule> rules = new ArrayList<>();
            EntryLine.read(file, name).forEach(line -> parse(line, rules));
            return new ExpectedConsumers(rules);
        } catch (IOException | InvalidPathException e) {
            in.problem(
                    CONSUMERS,
                    "the file " + name + " cannot be read",
                    "a readable UTF-8 file with glob = name, name a line");
            return ExpectedConsumers.NONE;
        }
    }

    private void parse(EntryLine line, List<ExpectedConsumers.Rule> rules) {
        int equals = line.text().indexOf('=');
        try {
            String pattern = InvisibleCharacters.strip(line.text().substring(0, Math.max(0, equals)));
            GlobPattern unused = new GlobPattern(pattern);
            rules.add(rule(pattern, names(line.text().substring(equals + 1), line.place() + ": ")));
        } catch (IllegalArgumentException e) {
            in.problem(
                    CONSUMERS,
                    "%s: invalid line '%s'".formatted(line.place(), InvisibleCharacters.show(line.text())),
                    "a glob pattern of credentials, = and names of consumers, such as AcmeCorp/* = checkout, pos");
        }
    }

    private List<String> names(String list, String place) {
        List<String> names = Stream.of(list.split(",", -1))
                .map(InvisibleCharacters::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        names.stream()
                .filter(name -> !KeyAcknowledgement.isConsumer(name))
                .forEach(name -> in.problem(CONSUMERS, place + "invalid name '" + name + "'", NAMES));
        return names;
    }

    /** @throws IllegalArgumentException if the pattern is invalid, or there are no names */
    private static ExpectedConsumers.Rule rule(String pattern, List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("no names");
        }
        return new ExpectedConsumers.Rule(new GlobPattern(pattern), names);
    }
}
