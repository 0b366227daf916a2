package org.keyrotation.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A machine in a directory: a Debian that systemd boots in a container, with Java, and with the network of the tests. */
final class SystemdMachine implements AutoCloseable {

    private static final Duration BOOT_TIMEOUT = Duration.ofMinutes(3);

    private final Path root;
    private final AppProcess container;

    private SystemdMachine(Path root, AppProcess container) {
        this.root = root;
        this.container = container;
    }

    static void assumePossible() {
        for (String program : List.of("mmdebstrap", "systemd-nspawn", "nsenter", "script")) {
            OptionalProgram.assumeInstalled(program, "boot a machine by systemd");
        }
    }

    static SystemdMachine boot(Path root) throws IOException {
        DebianRoot.bootstrap(root, "systemd,systemd-sysv,dbus,libstdc++6");
        DebianRoot.copyJava("17", root.resolve("usr/lib/jvm/java"));
        Files.createSymbolicLink(root.resolve("usr/bin/java"), Path.of("/usr/lib/jvm/java/bin/java"));
        AppProcess container = AppProcess.command(
                        "systemd-nspawn",
                        "--quiet",
                        "--boot",
                        "--register=no",
                        "--keep-unit",
                        "--console=pipe",
                        "-D",
                        root)
                .environment("PATH", System.getenv("PATH"))
                .start();
        SystemdMachine machine = new SystemdMachine(root, container);
        try {
            Awaitility.await("boot of " + container).atMost(BOOT_TIMEOUT).until(machine::isBooted);
            return machine;
        } catch (ConditionTimeoutException e) {
            container.close();
            throw e;
        }
    }

    /** The first process of the container is the only child of systemd-nspawn. */
    private boolean isBooted() {
        if (container.handle().children().findAny().isEmpty()) {
            return false;
        }
        try (AppProcess systemctl = shell("systemctl is-system-running").start()) {
            systemctl.exit();
            return systemctl.lines().anyMatch(List.of("running", "degraded")::contains);
        }
    }

    /** The file of the machine as this one sees it. */
    Path file(String path) {
        return root.resolve(path);
    }

    /** The home directory of the user root. */
    Path home() {
        return file("root");
    }

    /** Runs the lines of a shell as root, in the home directory, and returns what they print. The last one must succeed. */
    String run(String lines) {
        return ContainerTools.output(shell(lines));
    }

    AppProcess.Launch shell(String lines) {
        long init = container.handle().children().findAny().orElseThrow().pid();
        return AppProcess.command(
                        "nsenter",
                        "--target=" + init,
                        "--mount",
                        "--uts",
                        "--ipc",
                        "--pid",
                        "--cgroup",
                        "--root",
                        "--wd",
                        "sh",
                        "-c",
                        "cd; " + lines)
                .environment("EDITOR", "true") // the test writes the configuration itself
                .environment("HOME", "/root")
                .environment("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    }

    @Override
    public void close() {
        try (container) {
            run("systemctl poweroff");
            container.exit();
        }
    }
}
