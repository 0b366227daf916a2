package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Debian's buildah and podman, with the images in a folder of their own. Neither needs a daemon or a registry. */
final class ContainerTools {

    /** podman does not start a container where version 2 of the control groups is mounted below version 1. */
    private static final String OWN_MOUNTS = "umount /sys/fs/cgroup/unified 2>/dev/null; exec \"$0\" \"$@\"";

    private final List<String> storage;

    ContainerTools(Path folder) {
        this.storage = List.of("--root", folder + "/store", "--runroot", folder + "/run", "--storage-driver", "vfs");
    }

    static void assumeInstalled() {
        for (String program : List.of("mmdebstrap", "buildah", "podman", "unshare")) {
            OptionalProgram.assumeInstalled(program, "build and run the container image");
        }
    }

    /** Makes a base image: the smallest Debian with this Java. */
    void importBase(Path debian, Path javaHome, String name) {
        String container = buildah("from", "scratch").strip();
        buildah("add", container, debian.toString(), "/");
        buildah("add", container, javaHome.toString(), "/opt/java");
        buildah("config", "--env", "JAVA_HOME=/opt/java", "--env", "PATH=/opt/java/bin:/usr/bin:/bin", container);
        buildah("commit", "--rm", container, name);
    }

    String buildah(String... arguments) {
        return output(AppProcess.command(command(List.of("buildah"), arguments)));
    }

    String podman(String... arguments) {
        return output(podmanLaunch(arguments));
    }

    AppProcess.Launch podmanLaunch(String... arguments) {
        return AppProcess.command(command(List.of("unshare", "-m", "sh", "-c", OWN_MOUNTS, "podman"), arguments));
    }

    static String output(AppProcess.Launch launch) {
        try (AppProcess tool = launch.environment("PATH", System.getenv("PATH")).start()) {
            assertThat(tool.exit()).as(tool.toString()).isZero();
            return String.join("\n", tool.lines().toList());
        }
    }

    private Object[] command(List<String> program, String... arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(storage);
        command.addAll(List.of(arguments));
        return command.toArray();
    }
}
