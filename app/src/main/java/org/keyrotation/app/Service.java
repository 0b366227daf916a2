package org.keyrotation.app;

import java.util.Map;
import org.apache.camel.main.Main;
import org.keyrotation.routes.RotationRoutes;

/** Camel Main with the rotation routes: where health and metrics are, and how to stop, unless a property says otherwise. */
final class Service {

    private Service() {}

    static Main assemble(ConfigFile config, Map<String, String> environment) {
        Main main = new Main();
        main.setAppName("key-rotation on Apache Camel");
        main.addInitialProperty("camel.main.name", "key-rotation");
        main.addInitialProperty("camel.main.shutdownTimeout", "20");
        main.addInitialProperty("camel.management.enabled", "true");
        main.addInitialProperty("camel.management.port", "9876");
        main.addInitialProperty("camel.management.healthCheckEnabled", "true");
        main.addInitialProperty("camel.management.metricsEnabled", "true");
        main.addInitialProperty("camel.health.exposureLevel", "full");
        main.addInitialProperty("camel.metrics.enabled", "true");
        config.addTo(main);
        CamelEnvironment.addTo(main, environment);
        main.configure().addRoutesBuilder(new RotationRoutes());
        return main;
    }
}
