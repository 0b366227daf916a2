package org.keyrotation.app.bench;

import org.keyrotation.app.AppProcess;

/** The compared implementations. Both have the same memory, JVM options and properties. */
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
