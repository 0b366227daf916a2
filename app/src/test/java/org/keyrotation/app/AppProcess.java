package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A JVM of its own, what it writes, and how it ends. Its environment holds what the test sets, and nothing else. */
public final class AppProcess implements AutoCloseable {

    /** The app promises to end within this time of a SIGTERM. */
    static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** What makes it start sooner, the archive where it is there and fits. */
    private static final List<String> SOON = List.of(
            "-XX:TieredStopAtLevel=1", "-XX:SharedArchiveFile=" + ClassArchive.FILE, "-Xshare:auto", "-Xlog:disable");

    private final Process process;
    private final Queue<String> out = new ConcurrentLinkedQueue<>();
    private final Queue<String> err = new ConcurrentLinkedQueue<>();
    private final List<Thread> readers;

    private AppProcess(Process process) {
        this.process = process;
        this.readers = List.of(reader(process.getInputStream(), out), reader(process.getErrorStream(), err));
    }

    /** {@code java -jar app/target/rotation-app.jar}. */
    public static Launch packaged() {
        return new Launch(List.of("-jar", target("rotation-app.jar")));
    }

    /** The same, and Camel can be told of classes of the tests: those of this module, which bring no libraries. */
    public static Launch packagedWithTestClasses() {
        String classPath = target("rotation-app.jar") + File.pathSeparator + target("test-classes");
        return new Launch(List.of("-classpath", classPath, RotationApp.class.getName()));
    }

    /** A main class of the tests, with their class path. */
    public static Launch ofTestClass(Class<?> main) {
        return new Launch(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
    }

    static String target(String name) {
        return Path.of(System.getProperty("basedir", ""), "target", name)
                .toAbsolutePath()
                .toString();
    }

    /** The environment variable of a property. */
    static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    /** Waits for a line on stdout, and answers with it. */
    public String line(String part) {
        return Awaitility.await("a line with '" + part + "' in " + this)
                .atMost(PATIENCE)
                .until(
                        () -> lines().filter(line -> line.contains(part))
                                .findFirst()
                                .orElse(""),
                        line -> !line.isEmpty());
    }

    /** Stdout so far. */
    public Stream<String> lines() {
        return out.stream();
    }

    /** Stderr so far. */
    Stream<String> errors() {
        return err.stream();
    }

    /** Everything that was written so far. */
    public String written() {
        return String.join("\n", out) + "\n" + String.join("\n", err);
    }

    /** To send it signals. */
    public long pid() {
        return process.pid();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Its exit status after a SIGTERM. */
    public int terminate() {
        handle().destroy(); // Process.destroy would close its streams, too
        return exit(LONGEST_STOP);
    }

    /** Its exit status, once it ends by itself. */
    int exit() {
        return exit(PATIENCE);
    }

    private int exit(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + atMost + ": " + this);
            }
            for (Thread reader : readers) {
                reader.join();
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A SIGKILL, where it still runs. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public String toString() {
        return process.info().command().orElse("process") + " that wrote\n" + written();
    }

    private static Thread reader(InputStream stream, Queue<String> lines) {
        Thread reader = new Thread(() ->
                new BufferedReader(new InputStreamReader(stream, UTF_8)).lines().forEach(lines::add));
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    /** How it is started. */
    public static final class Launch {

        private final List<String> program;
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final Map<String, String> properties = new LinkedHashMap<>();
        private List<String> arguments = List.of();
        private List<String> jvm = SOON;

        private Launch(List<String> program) {
            this.program = program;
        }

        public Launch environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** A system property. */
        public Launch property(String name, Object value) {
            properties.put(name, value.toString());
            return this;
        }

        /** Options of the JVM, instead of those that make it start sooner. */
        public Launch jvm(String... options) {
            jvm = List.of(options);
            return this;
        }

        public Launch properties(Map<String, String> all) {
            properties.putAll(all);
            return this;
        }

        public Launch arguments(Object... all) {
            arguments = Stream.of(all).map(Object::toString).toList();
            return this;
        }

        public AppProcess start() {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvm);
            properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
            command.addAll(program);
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().clear();
            builder.environment().putAll(environment);
            try {
                return new AppProcess(builder.start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
