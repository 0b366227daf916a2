package org.keyrotation.app;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What root file systems of tests are made of: packages of this machine's Debian, and a Java of this machine. */
final class DebianRoot {

    private static final String BOOTSTRAP =
            ". /etc/os-release && mmdebstrap --quiet --variant=essential --include=\"$1\""
                    + " \"$VERSION_CODENAME\" \"$0\"";

    /** Links of Debian's packages lead out of the directory: the copy has files in their place. */
    private static final String COPY =
            "cd \"$0\" && tar -ch --exclude=jmods --exclude=src.zip --ignore-failed-read . | tar -x -C \"$1\"";

    private DebianRoot() {}

    /** Makes a directory, or a file that ends with .tar, with the smallest Debian and these packages, separated by commas. */
    static void bootstrap(Path target, String packages) {
        ContainerTools.output(AppProcess.command("sh", "-c", BOOTSTRAP, target, packages));
    }

    /** Copies a Java of this version into a new directory. Skips the test if there is none. */
    static void copyJava(String version, Path target) throws IOException {
        Optional<Path> installed;
        try (Stream<Path> homes = Files.list(Path.of("/usr/lib/jvm"))) {
            installed = homes.filter(home -> isJava(home, version)).findFirst();
        }
        assumeTrue(installed.isPresent(), "no Java " + version + " in /usr/lib/jvm");
        Files.createDirectories(target);
        ContainerTools.output(AppProcess.command("sh", "-c", COPY, installed.get(), target));
    }

    private static boolean isJava(Path home, String version) {
        try {
            Path release = home.resolve("release");
            return Files.exists(release)
                    && Files.readString(release).matches("(?s).*\\bJAVA_VERSION=\"" + version + "[.\"].*");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
