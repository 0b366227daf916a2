package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The READMEs are short enough, list their sections, and link to files and headings that exist. */
class ReadmeLinksTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final int MAX_LINES = 150;

    private static Stream<Path> ofModules() {
        return Stream.of("rotation-model", "rotation-routes", "app")
                .map(module -> ROOT.resolve(module).resolve("README.md"));
    }

    private static Stream<Path> all() {
        Stream<Path> deploy = Stream.of("container", "kubernetes", "monitoring", "systemd")
                .map(folder -> ROOT.resolve("app/src/main/deploy/" + folder + "/README.md"));
        return Stream.of(Stream.of(ROOT.resolve("README.md")), deploy, ofModules())
                .flatMap(each -> each);
    }

    @Test
    void rootReadmeIsShort() throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve("README.md"))).hasSizeLessThanOrEqualTo(MAX_LINES);
    }

    @ParameterizedTest
    @MethodSource("ofModules")
    void contentsListHasEachHeading(Path readme) {
        Markdown markdown = Markdown.read(readme);
        List<String> expected = markdown.sections().stream()
                .filter(section -> section.level() > 1 && !section.heading().equals("Contents"))
                .map(section -> "%s- [%s](#%s)"
                        .formatted("  ".repeat(section.level() - 2), section.heading(), anchor(section.heading())))
                .toList();

        assertThat(markdown.section("Contents").lines())
                .filteredOn(line -> !line.isBlank())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("all")
    void headingsAreUnique(Path readme) {
        assertThat(anchors(readme)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("all")
    void relativeLinksResolve(Path readme) {
        List<String> broken = new ArrayList<>();
        LINK.matcher(Markdown.read(readme).prose())
                .results()
                .map(link -> link.group(1))
                .forEach(link -> {
                    if (!link.startsWith("https:") && !resolves(readme, link)) {
                        broken.add(link);
                    }
                });

        assertThat(broken).isEmpty();
    }

    private static boolean resolves(Path readme, String link) {
        String[] parts = link.split("#", 2);
        Path target =
                parts[0].isEmpty() ? readme : readme.resolveSibling(parts[0]).normalize();
        return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
    }

    private static List<String> anchors(Path readme) {
        return Markdown.read(readme).sections().stream()
                .map(section -> anchor(section.heading()))
                .toList();
    }

    /** GitHub makes an anchor of the words of a heading, in lower case, without punctuation, joined by hyphens. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
    }
}
