package org.keyrotation.app.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.keyrotation.app.AppProcess;

/** The compared implementations. Both have the same JVM, memory and properties, and each its own best options. */
enum Implementation {
    BASELINE {
        @Override
        AppProcess.Launch launch(TestedJvm jvm, List<String> options) {
            return AppProcess.command(BaselineProgram.command(jvm, options).toArray());
        }
    },
    KEY_ROTATION {
        @Override
        AppProcess.Launch launch(TestedJvm jvm, List<String> options) {
            String javaOpts = String.join(" ", options) + " " + System.getProperty("bench.jvm", "");
            return command(jvm, "serve").environment("JAVA_OPTS", javaOpts);
        }
    };

    /** @param options of the JVM, the properties among them */
    abstract AppProcess.Launch launch(TestedJvm jvm, List<String> options);

    /** A command of the distribution, as it is shipped. */
    static AppProcess.Launch command(TestedJvm jvm, String command) {
        return AppProcess.command(AppProcess.target("key-rotation/bin/key-rotation"), command)
                .environment("PATH", System.getenv("PATH"))
                .environment("JAVA_HOME", jvm.home().toString());
    }

    /** The implementations that {@code bench.implementations} names; both by default. */
    static List<Implementation> compared() {
        String names = System.getProperty("bench.implementations", "");
        List<Implementation> compared = Stream.of(values())
                .filter(each ->
                        names.isEmpty() || Arrays.asList(names.split(",")).contains(each.toString()))
                .toList();
        if (compared.isEmpty()) {
            throw new IllegalArgumentException("bench.implementations: invalid value '%s', expected some of %s"
                    .formatted(names, Arrays.toString(values())));
        }
        return compared;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
