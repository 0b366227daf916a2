package org.keyrotation.routes;

import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** A host application in a JVM of its own, with the class path of the tests and a folder of resources before it. */
final class HostProcess {

    private HostProcess() {}

    static Process start(String mainClass, Path resources) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        resources + File.pathSeparator + System.getProperty("java.class.path"),
                        mainClass)
                .redirectErrorStream(true)
                .redirectOutput(resources.resolve("output").toFile())
                .start();
    }

    static void write(Map<String, String> properties, Path file) throws IOException {
        Properties written = new Properties();
        written.putAll(properties);
        try (Writer writer = Files.newBufferedWriter(file)) {
            written.store(writer, null);
        }
    }
}
