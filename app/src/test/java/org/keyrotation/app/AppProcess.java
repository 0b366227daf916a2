package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

/** A child JVM with its output and exit status. Its environment contains only the variables that the test sets. */
public final class AppProcess implements AutoCloseable {

    /** The app guarantees to exit within this time after SIGTERM. */
    static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private static final String LIB = target("key-rotation/lib");

    private static final Path CLASS_ARCHIVE =
            Path.of(LIB, "key-rotation-" + Runtime.version().feature() + ".jsa");

    private static final List<String> FAST_START = Stream.concat(
                    Stream.of("-XX:TieredStopAtLevel=1", "-XX:+UseParallelGC", "-Xlog:disable"), newerOptions())
            .toList();

    private final Process process;
    private final Queue<String> out = new ConcurrentLinkedQueue<>();
    private final Queue<String> err = new ConcurrentLinkedQueue<>();
    private final List<Thread> readers;

    private AppProcess(Process process) {
        this.process = process;
        this.readers = List.of(reader(process.getInputStream(), out), reader(process.getErrorStream(), err));
    }

    /** Launches the packaged app, from the class archive of its distribution if the build made one. */
    public static Launch packaged() {
        return packaged(packagedJars());
    }

    private static Launch packaged(String classPath) {
        Launch launch = new Launch(List.of("-classpath", classPath, RotationApp.class.getName()));
        return Files.exists(CLASS_ARCHIVE) ? launch.jvmOption("-XX:SharedArchiveFile=" + CLASS_ARCHIVE) : launch;
    }

    /** Launches the app before it is packaged, with its own libraries and no others. */
    static Launch compiled() {
        String classPath = target("classes") + File.pathSeparator + target("lib/*");
        return new Launch(List.of("-classpath", classPath, RotationApp.class.getName()));
    }

    /** Launches the packaged app of another version, whose libraries are beside it. */
    public static Launch packaged(Path jar) {
        return new Launch(List.of("-jar", jar.toAbsolutePath().toString()));
    }

    /** Launches this command, without an option or a property for the JVM. */
    public static Launch command(Object... command) {
        return new Launch(Stream.of(command).map(Object::toString).toList()).withoutJvm();
    }

    /** Launches the packaged app with this module's test classes on its class path, but none of their libraries. */
    public static Launch packagedWithTestClasses() {
        return packaged(packagedJars() + File.pathSeparator + target("test-classes"));
    }

    /** Launches a main class of the tests with their class path. */
    public static Launch ofTestClass(Class<?> main) {
        return new Launch(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
    }

    /** The order is that of {@code bin/key-rotation}: a class archive fits no other. */
    private static String packagedJars() {
        String[] jars = requireNonNull(new File(LIB).list((lib, name) -> name.endsWith(".jar")), LIB + " is missing");
        return Stream.of(jars).sorted().map(jar -> LIB + "/" + jar).collect(joining(File.pathSeparator));
    }

    /** As in {@code bin/key-rotation}, or its class archive does not fit. */
    private static Stream<String> newerOptions() {
        return Runtime.version().feature() >= 25
                ? Stream.of(
                        "-XX:+UseCompactObjectHeaders",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED")
                : Stream.empty();
    }

    public static String target(String name) {
        return Path.of(System.getProperty("basedir", ""), "target", name)
                .toAbsolutePath()
                .toString();
    }

    /** The environment variable of a property. */
    static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    /** Writes a line to stdin. */
    public void send(String line) {
        try {
            OutputStream in = process.getOutputStream();
            in.write((line + "\n").getBytes(UTF_8));
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a line on stdout that contains this text, and returns the line. */
    public String line(String text) {
        return Awaitility.await("a line with '" + text + "' in " + this)
                .atMost(TIMEOUT)
                .until(
                        () -> lines().filter(line -> line.contains(text))
                                .findFirst()
                                .orElse(""),
                        line -> !line.isEmpty());
    }

    /** Waits for the app's ready message, and returns it. */
    public String awaitReady() {
        return line("Ready:");
    }

    /** Stdout so far. */
    public Stream<String> lines() {
        return out.stream();
    }

    /** Stderr so far. */
    Stream<String> errors() {
        return err.stream();
    }

    /** Stdout and stderr so far. */
    public String output() {
        return String.join("\n", out) + "\n" + String.join("\n", err);
    }

    public long pid() {
        return process.pid();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Sends SIGTERM and returns the exit status. */
    public int terminate() {
        handle().destroy(); // Process.destroy would also close its streams
        return exit(STOP_TIMEOUT);
    }

    /** Sends SIGKILL. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Waits until the process ends by itself, and returns its exit status. */
    public int exit() {
        return exit(TIMEOUT);
    }

    private int exit(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + timeout + ": " + this);
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

    /** Sends SIGKILL if the process still runs. */
    @Override
    public void close() {
        kill();
    }

    @Override
    public String toString() {
        return process.info().command().orElse("process") + " with the output\n" + output();
    }

    private static Thread reader(InputStream stream, Queue<String> lines) {
        Thread reader = new Thread(() -> read(stream, lines));
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    private static void read(InputStream stream, Queue<String> lines) {
        try {
            new BufferedReader(new InputStreamReader(stream, UTF_8)).lines().forEach(lines::add);
        } catch (UncheckedIOException e) {
            // The stream is closed with a process that is killed.
        }
    }

    /** A builder of the command line. */
    public static final class Launch {

        private final List<String> program;
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final Map<String, String> properties = new LinkedHashMap<>();
        private List<String> arguments = List.of();
        private List<String> jvm = FAST_START;
        private List<String> shell = List.of();
        private boolean hasJvm = true;

        private Launch(List<String> program) {
            this.program = program;
        }

        public Launch environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** Sets a variable to these bytes, in octal for printf. */
        public Launch environmentBytes(String name, String octal) {
            String script = "export %s=\"$(printf '%s')\"; exec \"$0\" \"$@\"".formatted(name, octal);
            shell = List.of("/bin/sh", "-c", script);
            return this;
        }

        /** Runs it on a terminal of its own, with stderr in stdout: {@code \u0003} on stdin is Ctrl-C. */
        Launch onTerminal() {
            String script = "exec script -qec \"$(printf '\"%s\" ' \"$0\" \"$@\")\" /dev/null";
            shell = List.of("/bin/sh", "-c", script);
            return this;
        }

        /** Sets a system property. */
        public Launch property(String name, Object value) {
            properties.put(name, value.toString());
            return this;
        }

        /** Replaces the JVM options for a fast start. */
        public Launch jvm(String... options) {
            jvm = List.of(options);
            return this;
        }

        private Launch jvmOption(String option) {
            jvm = Stream.concat(jvm.stream(), Stream.of(option)).toList();
            return this;
        }

        public Launch withoutProperty(String name) {
            properties.remove(name);
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

        private Launch withoutJvm() {
            hasJvm = false;
            return this;
        }

        public AppProcess start() {
            List<String> command = new ArrayList<>(shell);
            if (hasJvm) {
                command.add(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
                command.addAll(jvm);
                properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
            }
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
