package org.keyrotation.app.bench;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The JVM of both implementations: {@code bench.java-home}, or Maven's. The broker and the API have Maven's. */
record TestedJvm(Path home, Runtime.Version version) {

    private static final int FIRST_WITH_AOT_CACHE = 25;

    static TestedJvm configured() {
        String configured = System.getProperty("bench.java-home", "");
        Path home = Path.of(configured.isEmpty() ? System.getProperty("java.home") : configured);
        Properties release = new Properties();
        try (Reader reader = Files.newBufferedReader(home.resolve("release"))) {
            release.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TestedJvm(
                home, Runtime.Version.parse(release.getProperty("JAVA_VERSION").replace("\"", "")));
    }

    Path java() {
        return home.resolve("bin/java");
    }

    boolean hasAotCache() {
        return version.feature() >= FIRST_WITH_AOT_CACHE;
    }
}
