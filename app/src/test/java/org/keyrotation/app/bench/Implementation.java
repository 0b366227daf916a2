package org.keyrotation.app.bench;

import org.keyrotation.app.AppProcess;

/** Who does the work. Each has the same memory, the same options of the JVM, and the same properties. */
enum Implementation {
    BASELINE {
        @Override
        AppProcess.Launch launch() {
            return AppProcess.ofTestClass(Baseline.class);
        }
    },
    KEY_ROTATION {
        @Override
        AppProcess.Launch launch() {
            return AppProcess.packaged();
        }
    };

    private static final String MEMORY = "-Xmx256m";

    abstract AppProcess.Launch launch();

    AppProcess.Launch prepared() {
        String options = MEMORY + " " + System.getProperty("bench.jvm", "");
        return launch().jvm(options.strip().split(" +"));
    }
}
