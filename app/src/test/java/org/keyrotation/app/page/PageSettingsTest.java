package org.keyrotation.app.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keyrotation.routes.config.SettingsReader;

class PageSettingsTest {

    @Test
    void pageIsOffAndOnThisMachineAloneByDefault() {
        assertThat(read(Map.of())).isEqualTo(new PageSettings(false, "127.0.0.1", 9877));
    }

    @Test
    void defaultsAreThoseOfTheReadme() throws IOException {
        assertThat(Files.readString(Path.of("README.md")))
                .contains("`rotation.page.enabled` | `false`")
                .contains("`rotation.page.port` | `9877`")
                .contains("`rotation.page.host` | `127.0.0.1`");
    }

    private static PageSettings read(Map<String, String> properties) {
        SettingsReader in = SettingsReader.of(properties);
        PageSettings settings = PageSettings.read(in);
        assertThat(in.problems()).isEmpty();
        return settings;
    }
}
