package org.keyrotation.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.function.Supplier;
import org.keyrotation.model.Json;
import picocli.CommandLine.Option;

/** The options of a command that prints data: to standard output, and nothing else goes there. */
final class Output {

    @Option(
            names = {"-o", "--output"},
            order = 100,
            paramLabel = "table|json",
            description = "The form of the output: a table for people (default), or one JSON document.")
    private Format format = Format.table;

    /** The names are the values of the option. */
    enum Format {
        table,
        json
    }

    boolean isJson() {
        return format == Format.json;
    }

    /** Prints the document as JSON, or the table. */
    void print(Object document, Supplier<String> table) {
        if (isJson()) {
            printJson(document);
        } else {
            System.out.print(table.get());
            System.out.flush();
        }
    }

    /** Prints the document in UTF-8, whatever the locale of the process: under cron it is ASCII. */
    static void printJson(Object document) {
        System.out.writeBytes((json(document) + "\n").getBytes(UTF_8));
        System.out.flush();
    }

    private static String json(Object document) {
        try {
            return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write the output as JSON", e);
        }
    }
}
