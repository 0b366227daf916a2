package org.keyrotation.routes.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A secret in a file of its own, such as a mounted secret of Kubernetes or a credential of systemd. Each call reads a changed
 * file again. While the file cannot be read, or holds no valid secret, the last valid secret stays: an operator may be writing
 * the file.
 */
final class SecretFile implements Supplier<String> {

    private static final Logger LOG = LoggerFactory.getLogger(SecretFile.class);

    /** What is not a path into a directory may be a secret that was set as the path. */
    private static final String HIDDEN = "the file (path not shown)";

    private static final int MAX_BYTES = 64 * 1024;

    private final String property;
    private final Path path;
    private final String expected;
    private final Predicate<String> rule;
    private volatile Content content;
    private volatile @Nullable String problem;

    private SecretFile(String property, Path path, String expected, Predicate<String> rule) {
        this.property = property;
        this.path = path;
        this.expected = expected;
        this.rule = rule;
        this.content = read();
    }

    /**
     * Reads the file.
     *
     * @param expected describes the secrets that the rule accepts
     * @throws UnreadableFileException if the file cannot be read, or its content breaks the rule
     */
    static SecretFile open(String property, String path, String expected, Predicate<String> rule) {
        try {
            return new SecretFile(property, Path.of(path), expected, rule);
        } catch (InvalidPathException e) {
            throw new UnreadableFileException(HIDDEN + " cannot be read (no path)");
        }
    }

    /** Returns the secret, without the white space around it. */
    @Override
    public String get() {
        if (!isCurrent()) {
            refresh();
        }
        return content.secret();
    }

    private boolean isCurrent() {
        try {
            return Version.of(path).equals(content.version());
        } catch (IOException e) {
            return false;
        }
    }

    private synchronized void refresh() {
        if (isCurrent()) {
            return;
        }
        try {
            content = read();
            problem = null;
            LOG.info("{}: read the new secret of {}", property, shownPath());
        } catch (UnreadableFileException e) {
            if (!e.getMessage().equals(problem)) {
                LOG.warn("{}: {}, expected {}. The last secret is used until then", property, e.getMessage(), expected);
            }
            problem = e.getMessage();
        }
    }

    private Content read() {
        try {
            // Before the content: a change in between is seen by the next look.
            Version version = Version.of(path);
            if (!Files.isRegularFile(path)) { // to read a pipe would wait for its writer, and an API call with it
                throw new UnreadableFileException(shownPath() + " is no regular file");
            }
            return new Content(version, valid(text()));
        } catch (IOException e) {
            throw new UnreadableFileException(
                    shownPath() + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private String text() throws IOException {
        try (var in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new UnreadableFileException(shownPath() + " holds more than 64 KiB");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }
    }

    private String valid(String text) {
        String secret = InvisibleCharacters.strip(text);
        if (secret.isEmpty()) {
            throw new UnreadableFileException(shownPath() + " is empty");
        }
        if (!rule.test(secret)) {
            throw new UnreadableFileException(shownPath() + " holds an invalid value (not shown)");
        }
        return secret;
    }

    private String shownPath() {
        Path parent = path.getParent();
        boolean isPath = path.isAbsolute() && parent != null && parent.getParent() != null && Files.isDirectory(parent);
        return isPath ? "the file '" + path + "'" : HIDDEN;
    }

    /** The content of the file. Its string form does not show the secret. */
    private record Content(Version version, String secret) {
        @Override
        public String toString() {
            return "Content of " + version;
        }
    }

    /** What a replaced or rewritten file does not have in common with the one before. */
    private record Version(FileTime modified, long size, @Nullable Object fileKey) {
        static Version of(Path path) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }
}
