package org.keyrotation.app;

import java.util.Map;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.RotationRoutes;

/** Camel Main with the rotation routes: where health and metrics are, and how to stop, unless a property says otherwise. */
final class Service {

    private static final String MANAGEMENT_PORT = "camel.management.port";

    private Service() {}

    static Main assemble(ConfigFile config, Map<String, String> environment) {
        Main main = new Main();
        main.setAppName("key-rotation on Apache Camel");
        main.addInitialProperty("camel.main.name", "key-rotation");
        main.addInitialProperty("camel.main.shutdownTimeout", "20");
        main.addInitialProperty("camel.main.extraShutdownTimeout", "5"); // whatever still hangs then is cut off
        main.addInitialProperty("camel.management.enabled", "true");
        main.addInitialProperty(MANAGEMENT_PORT, "9876");
        main.addInitialProperty("camel.management.healthCheckEnabled", "true");
        main.addInitialProperty("camel.management.metricsEnabled", "true");
        main.addInitialProperty("camel.health.exposureLevel", "full");
        main.addInitialProperty("camel.metrics.enabled", "true");
        checkManagementPort(config.get(MANAGEMENT_PORT));
        config.addTo(main);
        CamelEnvironment.addTo(main, environment);
        main.configure().addRoutesBuilder(new RotationRoutes());
        return main;
    }

    /** Camel would take what is no number for 0, any free port. */
    private static void checkManagementPort(@Nullable String port) {
        if (port != null && !port.contains("{{") && !isPort(port.strip())) {
            throw new UsageException(
                    MANAGEMENT_PORT + ": it is '" + port + "'; allowed is a port, or 0 for any that is free");
        }
    }

    private static boolean isPort(String text) {
        return text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65_535;
    }
}
