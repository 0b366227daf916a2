package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.routes.Markdown;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The units of systemd, installed with the commands of their README on a machine that systemd has booted. */
@Tag("image")
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.SAME_THREAD)
class SystemdIT {

    private static final Path README = Path.of("src/main/deploy/systemd/README.md");
    private static final String ARCHIVE = "key-rotation.tar.gz";

    private static SystemdMachine machine;

    private AppFixture fixture;
    private SimulatedManagementApi api;

    @BeforeAll
    static void bootAMachine() throws IOException {
        SystemdMachine.assumePossible();
        Path directory = Path.of(AppProcess.target("systemd"));
        ContainerTools.output(AppProcess.command("rm", "-rf", directory));
        Files.createDirectories(directory);
        machine = SystemdMachine.boot(directory.resolve("root"));
    }

    @AfterAll
    static void powerOff() {
        if (machine != null) {
            machine.close();
        }
    }

    @BeforeEach
    void setUp(SandboxBroker broker, SimulatedManagementApi freshApi) throws IOException {
        api = freshApi;
        fixture = new AppFixture(broker, api);
    }

    @Test
    @Tag("I2")
    void serviceRotatesIsStartedAgainAfterACrashAndStops() throws IOException {
        install();
        configure(Map.of());
        machine.run(lastLine());
        fixture.request(fixture.credential(1));
        fixture.awaitKeyEvents(1);
        assertThat(machine.run("grep ^Uid: /proc/$(systemctl show --value -p MainPID key-rotation)/status"))
                .matches("Uid:\\s+6[0-9]{4}\\s.*"); // the range of DynamicUser

        machine.run("systemctl kill --signal=KILL key-rotation");
        fixture.request(fixture.credential(2));
        fixture.awaitKeyEvents(2);
        assertThat(show("NRestarts")).isEqualTo("1");

        machine.run("systemctl stop key-rotation");
        assertThat(show("Result")).isEqualTo("success");
        assertThat(fixture.keyEvents()).hasSize(2);
    }

    @Test
    void serviceWithAWrongConfigurationIsNotStartedAgain() throws IOException {
        install();
        configure(Map.of("rotation.overlap", "a day"));
        machine.run(lastLine());

        Awaitility.await().until(() -> show("ActiveState").equals("failed"));
        assertThat(show("ExecMainStatus")).isEqualTo("2");
        assertThat(show("NRestarts")).isEqualTo("0");
        assertThat(machine.run("journalctl -u key-rotation")).contains("rotation.overlap: invalid value 'a day'");
        machine.run("systemctl reset-failed key-rotation");
    }

    @Test
    void jobOfTheTimerRotatesWhatIsDue() throws IOException {
        install();
        configure(Map.of(
                "rotation.schedule.targets", fixture.credential(1).toString(),
                "rotation.schedule.first-rotation", "now",
                "rotation.schedule.spread", "PT0S"));

        machine.run(block(1));
        machine.run("systemctl start key-rotation-job"); // returns when the job has ended

        assertThat(fixture.keyEvents()).hasSize(1);
        assertThat(machine.run("systemctl list-timers")).contains("key-rotation-job.timer");
        assertThat(machine.run("systemctl show --value -p Result key-rotation-job"))
                .isEqualTo("success");
    }

    /** All lines of the README but the last one, which starts the service. */
    private void install() throws IOException {
        machine.run("rm -rf /opt/key-rotation /etc/key-rotation /usr/local/bin/key-rotation " + ARCHIVE);
        Files.createLink(machine.home().resolve(ARCHIVE), Path.of(AppProcess.target(ARCHIVE)));
        String lines = installation().substring(0, installation().indexOf(lastLine()));
        Files.writeString(machine.home().resolve("install"), lines);
        try (AppProcess shell = machine.shell("sh -e install").onTerminal().start()) {
            shell.send(api.apiKey()); // systemd-ask-password reads it
            assertThat(shell.exit()).as(shell.toString()).isZero();
        }
    }

    private void configure(Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(settings);
        all.put("rotation.api.key-file", "{{env:CREDENTIALS_DIRECTORY}}/api-key");
        Files.writeString(machine.file("etc/key-rotation/rotation.properties"), fixture.configuration(all));
    }

    private static String installation() {
        return block(0);
    }

    private static String block(int index) {
        return Markdown.read(README).code("").get(index);
    }

    private static String lastLine() {
        return installation().lines().reduce((earlier, line) -> line).orElseThrow();
    }

    private static String show(String property) {
        return machine.run("systemctl show --value -p " + property + " key-rotation");
    }
}
