package org.keyrotation.app.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.keyrotation.app.AppProcess;

/**
 * The baseline as a user would ship it: a jar beside the distribution's libraries, with a class archive, or an AOT cache
 * from JDK 25 on, and with the JVM options that were measured best for it.
 */
final class BaselineProgram {

    private static final Path JAR = RunLog.DIRECTORY.resolve("baseline.jar");
    private static final Path ARCHIVE = RunLog.DIRECTORY.resolve("baseline.archive");

    private static final int FIRST_WITH_UNSAFE_OPTION = 24;

    private BaselineProgram() {}

    /** Creates the jar. The next run creates the archive when it ends, and those after it use the archive. */
    static void prepare() throws IOException {
        Files.createDirectories(RunLog.DIRECTORY);
        Files.deleteIfExists(ARCHIVE);
        String directory = Baseline.class.getPackageName().replace('.', '/');
        int status = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "--create",
                        "--file=" + JAR,
                        "-C",
                        AppProcess.target("test-classes"),
                        directory);
        if (status != 0) {
            throw new IllegalStateException(JAR + " cannot be created");
        }
    }

    static List<String> command(TestedJvm jvm, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(jvm.java().toString());
        command.add(archiveOption(jvm) + ARCHIVE);
        command.addAll(bestOptions(jvm));
        command.addAll(options);
        command.add("-classpath");
        command.add(JAR + File.pathSeparator + AppProcess.target("key-rotation/lib/*"));
        command.add(Baseline.class.getName());
        return command;
    }

    /** The measured best: C1 takes less CPU per key than C2. The collectors differ little, and by JVM. */
    private static List<String> bestOptions(TestedJvm jvm) {
        String configured = System.getProperty("bench.baseline-jvm", "");
        if (!configured.isBlank()) {
            return List.of(configured.strip().split(" +"));
        }
        // Netty uses Unsafe only if it is told that it may.
        return jvm.version().feature() >= FIRST_WITH_UNSAFE_OPTION
                ? List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow")
                : List.of("-XX:TieredStopAtLevel=1", "-XX:+UseParallelGC");
    }

    private static String archiveOption(TestedJvm jvm) {
        boolean isUsed = Files.exists(ARCHIVE);
        if (jvm.hasAotCache()) {
            return isUsed ? "-XX:AOTCache=" : "-XX:AOTCacheOutput=";
        }
        return isUsed ? "-XX:SharedArchiveFile=" : "-XX:ArchiveClassesAtExit=";
    }
}
