package org.keyrotation.app.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import picocli.CommandLine;

@ResourceLock(Resources.SYSTEM_OUT)
class OutputTest {

    @Test
    void jsonIsUtf8WhateverTheLocale() {
        Output output = CommandLine.populateCommand(new Output(), "-o", "json");
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, false, US_ASCII));
        try {
            output.print(Map.of("reason", "Schl\u00FCssel"), () -> "");
        } finally {
            System.setOut(before);
        }
        assertThat(bytes.toString(UTF_8)).contains("\"reason\" : \"Schl\u00FCssel\"");
    }
}
