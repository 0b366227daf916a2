package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The units of systemd. */
class SystemdTest {

    private static final Path UNITS = Path.of("src/main/deploy/systemd");
    private static final List<String> SERVICES = List.of("key-rotation.service", "key-rotation-job.service");

    /** systemd-analyze also checks that the program is there. */
    @Test
    void systemdFindsNothingToSay(@TempDir Path directory) throws IOException {
        Path program = Files.createFile(
                directory.resolve("key-rotation"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        List<Object> command = new ArrayList<>(List.of("verify"));
        for (String unit : Stream.concat(SERVICES.stream(), Stream.of("key-rotation-job.timer"))
                .toList()) {
            String text = Files.readString(UNITS.resolve(unit));
            command.add(Files.writeString(
                    directory.resolve(unit), text.replace("/opt/key-rotation/bin/key-rotation", program.toString())));
        }

        assertThat(analyze(command)).isBlank();
    }

    @Test
    void exposureOfTheServicesIsBelowTwo() {
        for (String service : SERVICES) {
            assertThat(analyze(List.of("security", "--offline=true", "--threshold=19", UNITS.resolve(service))))
                    .contains("Overall exposure level for " + service);
        }
    }

    @Test
    void jobRunsWithTheRestrictionsOfTheService() throws IOException {
        assertThat(restrictions("key-rotation-job.service"))
                .isEqualTo(restrictions("key-rotation.service"))
                .contains("DynamicUser=yes");
    }

    /** The lines from LoadCredential on. */
    private static List<String> restrictions(String service) throws IOException {
        return Files.readAllLines(UNITS.resolve(service)).stream()
                .dropWhile(line -> !line.startsWith("LoadCredential="))
                .takeWhile(line -> !line.startsWith("["))
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static String analyze(List<Object> arguments) {
        OptionalProgram.assumeInstalled("systemd-analyze", "check the units of systemd");
        List<Object> command = new ArrayList<>(List.of("systemd-analyze"));
        command.addAll(arguments);
        try (AppProcess analyze = AppProcess.command(command.toArray())
                .environment("PATH", System.getenv("PATH"))
                .environment("SYSTEMD_EMOJI", "0")
                .start()) {
            assertThat(analyze.exit()).as(analyze.toString()).isZero();
            return analyze.output();
        }
    }
}
