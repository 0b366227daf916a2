package org.keyrotation.app.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.camel.spi.PropertiesFunction;
import org.keyrotation.routes.config.InvisibleCharacters;

/**
 * The property function {@code {{file:PATH}}}: the text of a UTF-8 file without the white space around it, read at the start.
 * Camel has no such function. It makes a mounted secret, or a credential of systemd, the value of any property.
 */
final class FilePropertiesFunction implements PropertiesFunction {

    @Override
    public String getName() {
        return "file";
    }

    @Override
    public String apply(String path) {
        try {
            return InvisibleCharacters.strip(Files.readString(Path.of(path)));
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("the file '%s' cannot be read (%s), expected a readable UTF-8 file"
                    .formatted(path, e.getClass().getSimpleName()));
        }
    }
}
