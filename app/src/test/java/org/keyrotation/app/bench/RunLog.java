package org.keyrotation.app.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.keyrotation.app.AppProcess;

/** The runs of each benchmark in a file of {@code target/bench}, one JSON object a line. */
final class RunLog {

    static final Path DIRECTORY = Path.of(AppProcess.target("bench"));
    private static final String SUFFIX = ".jsonl";
    private static final ObjectMapper JSON = new ObjectMapper();

    private RunLog() {}

    static void add(Run run) {
        try {
            Files.createDirectories(DIRECTORY);
            Path file = DIRECTORY.resolve(run.benchmark().replace(":", "") + SUFFIX);
            Files.writeString(
                    file, JSON.writeValueAsString(run) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The runs of all benchmarks whose files are there. */
    static List<Run> all() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .flatMap(RunLog::read)
                    .toList();
        }
    }

    private static Stream<Run> read(Path file) {
        try {
            return JSON.readerFor(Run.class).<Run>readValues(file.toFile()).readAll().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
