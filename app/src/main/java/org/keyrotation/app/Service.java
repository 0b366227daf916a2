package org.keyrotation.app;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.main.Main;
import org.keyrotation.routes.RotationRoutes;

/** Camel Main with the rotation routes: where health and metrics are, and how to stop, unless a property says otherwise. */
final class Service {

    private static final String MANAGEMENT_PORT = "camel.management.port";
    private static final String USUAL_PORT = "9876";
    private static final String EMPTY =
            ": it is empty; allowed is a value that Camel documents; what is optional can be left out";

    private Service() {}

    static Main assemble(ConfigFile config, Map<String, String> environment) {
        return assemble(config, environment, new RotationRoutes());
    }

    static Main assemble(ConfigFile config, Map<String, String> environment, RotationRoutes routes) {
        refuseEmpty(config.emptyOnesOfCamel(environment));
        Main main = new Main();
        main.setAppName("key-rotation on Apache Camel");
        main.addInitialProperty("camel.main.name", "key-rotation");
        main.addInitialProperty("camel.main.shutdownTimeout", "20");
        main.addInitialProperty("camel.main.extraShutdownTimeout", "5"); // whatever still hangs then is cut off
        main.addInitialProperty("camel.management.enabled", "true");
        main.addInitialProperty(MANAGEMENT_PORT, USUAL_PORT);
        main.addInitialProperty("camel.management.healthCheckEnabled", "true");
        main.addInitialProperty("camel.management.metricsEnabled", "true");
        main.addInitialProperty("camel.health.exposureLevel", "full");
        main.addInitialProperty("camel.metrics.enabled", "true");
        // Our own meters tell what matters; timing each exchange of each route and endpoint took a twelfth of the CPU.
        main.addInitialProperty("camel.metrics.enableExchangeEventNotifier", "false");
        main.addInitialProperty("camel.metrics.enableRouteEventNotifier", "false");
        main.addInitialProperty("camel.metrics.enableRoutePolicy", "false");
        main.addInitialProperty("camel.main.jmxManagementStatisticsLevel", "RoutesOnly");
        config.addTo(main);
        CamelEnvironment.addTo(main, environment);
        List<String> problems = problemsOfThePort(config);
        main.configure().addRoutesBuilder(problems.isEmpty() ? routes : new RefusedRoutes(routes, problems));
        return main;
    }

    /** Camel would stop at the first, and not name it. */
    private static void refuseEmpty(Set<String> names) {
        if (!names.isEmpty()) {
            throw new UsageException(names.stream().map(name -> name + EMPTY).toList());
        }
    }

    /** Camel would take what is no number for 0, any free port. */
    private static List<String> problemsOfThePort(ConfigFile config) {
        String port = Objects.requireNonNullElse(config.get(MANAGEMENT_PORT), USUAL_PORT);
        String allowed = "'; allowed is a port that is free, or 0 for any";
        if ("false".equals(config.get("camel.management.enabled")) || port.contains("{{")) {
            return List.of();
        }
        if (!isPort(port.strip())) {
            return List.of(MANAGEMENT_PORT + ": it is '" + port + allowed);
        }
        return isTaken(Integer.parseInt(port.strip()))
                ? List.of(MANAGEMENT_PORT + ": something else listens on '" + port + allowed)
                : List.of();
    }

    /** Camel would log it, and go on without health and metrics. */
    private static boolean isTaken(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return !socket.isBound();
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean isPort(String text) {
        return text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65_535;
    }
}
