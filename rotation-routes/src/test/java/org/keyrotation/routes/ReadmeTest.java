package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.FailureCode;
import org.keyrotation.routes.config.ApplicationCallbacks;
import org.keyrotation.routes.config.SettingsReader;

/** The README's tables are those of the code. */
class ReadmeTest {

    private final List<String> lines = Files.readAllLines(Path.of("..", "README.md"));

    ReadmeTest() throws IOException {}

    @Test
    @SuppressWarnings("NullAway") // on JDK 17 it cannot see in a class file that a lookup may return null
    void everyPropertyIsThereWithItsDefaultAndNoOther() {
        Map<String, String> given = Map.of("rotation.api.companies.AcmeCorp.key", "k");
        SettingsReader asked = SettingsReader.of(given);
        RotationSettings unused = RotationSettings.read(asked, ApplicationCallbacks.NONE);
        Map<String, String> expected = new TreeMap<>();
        asked.knownProperties().forEach((name, value) -> expected.put(name.replace("AcmeCorp", "<companyId>"), value));

        assertThat(properties()).isEqualTo(expected);
    }

    @Test
    void everyFailureCodeIsThere() {
        assertThat(lines)
                .as("a row for each code")
                .filteredOn(line -> line.startsWith("| `"))
                .extracting(line -> plain(cells(line).get(0)))
                .contains(Arrays.stream(FailureCode.values()).map(Enum::name).toArray(String[]::new));
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        for (String line : lines) {
            if (line.startsWith("| `rotation.") && !line.startsWith("| `rotation.log.")) {
                List<String> cells = cells(line);
                names(cells.get(0)).forEach(name -> properties.put(name, plain(cells.get(1))));
            }
        }
        return properties;
    }

    private static List<String> cells(String row) {
        return Arrays.stream(row.split("\\|")).skip(1).map(String::strip).toList();
    }

    private static List<String> names(String cell) {
        return Arrays.stream(cell.split(",")).map(ReadmeTest::plain).toList();
    }

    private static String plain(String code) {
        return code.replace("`", "").strip();
    }
}
