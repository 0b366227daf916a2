package org.keyrotation.app.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.camel.spi.PropertiesFunction;
import org.keyrotation.routes.config.InvisibleCharacters;
import org.keyrotation.routes.config.UnreadableFileException;

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
            String text = InvisibleCharacters.strip(Files.readString(Path.of(path)));
            if (text.isEmpty()) {
                throw new UnreadableFileException("the file '" + path + "' is empty");
            }
            return text;
        } catch (IOException | InvalidPathException e) {
            throw new UnreadableFileException("the file '%s' cannot be read (%s)"
                    .formatted(path, e.getClass().getSimpleName()));
        }
    }
}
