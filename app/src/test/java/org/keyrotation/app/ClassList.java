package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * Records the classes that the app loads until its first key, and in its commands, beside a broker and a simulated API. The
 * distribution contains the list, and {@code bin/key-rotation warm-up} makes the class archive from it.
 */
final class ClassList {

    private static final Path FILE = Path.of(AppProcess.target("key-rotation.classlist"));

    private final List<Path> lists = new ArrayList<>();
    private final AppFixture fixture;
    private final Path directory;

    private ClassList(AppFixture fixture, Path directory) {
        this.fixture = fixture;
        this.directory = directory;
    }

    /** Takes no arguments. */
    public static void main(String[] args) {
        BuildStep.runAndExit(ClassList::recordAll);
    }

    private static void recordAll() throws IOException {
        Path directory = Files.createDirectories(Path.of(AppProcess.target("class-lists")));
        try (SandboxBroker broker = SandboxBroker.start();
                SimulatedManagementApi api = SimulatedManagementApi.start()) {
            ClassList list = new ClassList(new AppFixture(broker, api), directory);
            list.record();
            list.write();
        }
    }

    private void record() {
        String known = fixture.credential(1).toString();
        String unknown = fixture.company + "/S2-unknown";
        try (AppProcess service = start("serve");
                AppProcess help = start("--help")) {
            assertExit(help, 0);
            service.awaitReady();
            try (AppProcess rotate = start("rotate", known, unknown, "--reason", "class list", "--wait")) {
                assertExit(rotate, 1);
            }
            try (AppProcess status = start("status");
                    AppProcess plan = start("plan")) {
                assertExit(status, 0);
                assertExit(plan, 0);
            }
            try (AppProcess credential = start("status", known, "-o", "json");
                    AppProcess check = start("check")) {
                assertExit(credential, 0);
                assertExit(check, 0);
            }
            assertThat(service.terminate()).as(service.toString()).isEqualTo(143);
        }
    }

    private AppProcess start(String... arguments) {
        Path list = directory.resolve(lists.size() + ".classlist");
        lists.add(list);
        return fixture.connected(AppProcess.compiled())
                .jvm("-XX:TieredStopAtLevel=1", "-XX:DumpLoadedClassList=" + list)
                .property("rotation.schedule.targets", fixture.company + "/S2-1")
                .arguments((Object[]) arguments)
                .start();
    }

    private static void assertExit(AppProcess command, int status) {
        assertThat(command.exit()).as(command.toString()).isEqualTo(status);
    }

    /** Without the lines that only the recording JVM understands. */
    private void write() throws IOException {
        Set<String> lines = new LinkedHashSet<>();
        for (Path list : lists) {
            try (Stream<String> recorded = Files.lines(list)) {
                recorded.filter(line -> !line.startsWith("#") && !line.startsWith("@cp"))
                        .map(line -> line.replaceFirst(" id: \\d+$", ""))
                        .forEach(lines::add);
            }
        }
        Files.write(FILE, lines);
    }
}
