package org.keyrotation.app.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.page.PageRoutes;
import org.keyrotation.app.page.PageSettings;
import org.keyrotation.routes.RotationRoutes;
import org.keyrotation.routes.config.SettingsReader;

/** Creates the Camel Main of the service, with defaults for health, metrics and shutdown that properties can override. */
public final class Service {

    private static final String MANAGEMENT_PORT = "camel.management.port";
    private static final String MANAGEMENT_HOST = "camel.management.host";
    private static final String ANY_ADDRESS = "0.0.0.0";
    private static final String DEFAULT_MANAGEMENT_PORT = "9876";
    private static final String PAGE_PORT = PageSettings.PREFIX + "port";
    private static final String EMPTY =
            ": empty, expected a value that Camel documents (an optional property can be removed)";

    /** In the file, a proxy or a store of the JVM would silently not apply. */
    private static final String JVM_PROPERTY = ": no effect in the file, expected as an option of the JVM, -D%s";

    /** Faster than the library's default, camel-http, which needs one module less. */
    private static final String API_HTTP_CLIENT = "vertx-http";

    private Service() {}

    /** Creates the service with the operator's page, if that is enabled. */
    public static Main createServer(ConfigFile config, Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        PageSettings page = page(config, environment, problems);
        if (page.enabled() && problems.isEmpty()) {
            problems.addAll(pageAddressProblems(page, config, environment));
        }
        Main main = createMain(config, environment, new RotationRoutes(), problems);
        if (page.enabled()) {
            main.addInitialProperty("camel.server.enabled", "true");
            main.addInitialProperty("camel.server.host", page.host());
            main.addInitialProperty("camel.server.port", Integer.toString(page.port()));
            main.configure().addRoutesBuilder(new PageRoutes(page));
        }
        return main;
    }

    public static Main createMain(ConfigFile config, Map<String, String> environment) {
        return createMain(config, environment, new RotationRoutes());
    }

    public static Main createMain(ConfigFile config, Map<String, String> environment, RoutesBuilder routes) {
        List<String> problems = new ArrayList<>();
        PageSettings unused = page(config, environment, problems);
        return createMain(config, environment, routes, problems);
    }

    private static PageSettings page(ConfigFile config, Map<String, String> environment, List<String> problems) {
        SettingsReader in = SettingsReader.of(config.propertiesOf(PageSettings.PREFIX, environment));
        PageSettings settings = PageSettings.read(in);
        in.rejectUnknown();
        problems.addAll(in.problems());
        return settings;
    }

    private static List<String> pageAddressProblems(
            PageSettings page, ConfigFile config, Map<String, String> environment) {
        if (Integer.toString(page.port()).equals(managementPort(config, environment))) {
            return List.of(PAGE_PORT + ": port '" + page.port() + "' is that of " + MANAGEMENT_PORT
                    + ", expected another one");
        }
        try {
            return isInUse(page.port(), InetAddress.getByName(page.host()))
                    ? List.of(PAGE_PORT + ": port '" + page.port() + "' of " + page.host()
                            + " is in use, expected a free port")
                    : List.of();
        } catch (UnknownHostException e) {
            return List.of(PageSettings.PREFIX + "host: '" + page.host()
                    + "' cannot be resolved, expected a name or an address of this machine");
        }
    }

    /**
     * Returns the URL at which the service of this configuration, on this machine, says whether it is ready.
     *
     * @throws UsageException if its port is not fixed
     */
    public static URI readiness(ConfigFile config, Map<String, String> environment) {
        String port = managementPort(config, environment);
        if (!isPort(port) || Integer.parseInt(port) == 0) {
            throw new UsageException(
                    MANAGEMENT_PORT + ": '" + port + "' names no port to ask, expected a number from 1 to 65535");
        }
        String host = Objects.requireNonNullElse(config.get(MANAGEMENT_HOST, environment), ANY_ADDRESS);
        String address = host.equals(ANY_ADDRESS) ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
        try {
            return new URI("http://" + address + ":" + port + "/observe/health/ready");
        } catch (URISyntaxException e) {
            throw new UsageException(MANAGEMENT_HOST + ": invalid value '" + host + "', expected a name or an address");
        }
    }

    private static String managementPort(ConfigFile config, Map<String, String> environment) {
        return Objects.requireNonNullElse(config.get(MANAGEMENT_PORT, environment), DEFAULT_MANAGEMENT_PORT);
    }

    private static Main createMain(
            ConfigFile config, Map<String, String> environment, RoutesBuilder routes, List<String> pageProblems) {
        requireNoProblem(config, environment);
        needNoTemporaryFolder();
        LiteralProperties literals = new LiteralProperties();
        literals.addPropertiesFunction(new FilePropertiesFunction());
        Main main = new Main() {
            @Override
            protected CamelContext createCamelContext() {
                DefaultCamelContext context = (DefaultCamelContext) super.createCamelContext();
                context.setPropertiesComponent(literals);
                return context;
            }
        };
        main.setAppName("key-rotation on Apache Camel");
        main.addInitialProperty("camel.main.name", "key-rotation");
        main.addInitialProperty("camel.main.shutdownTimeout", "20");
        main.addInitialProperty("camel.main.extraShutdownTimeout", "5"); // then stops whatever still hangs
        main.addInitialProperty("camel.management.enabled", "true");
        main.addInitialProperty(MANAGEMENT_PORT, DEFAULT_MANAGEMENT_PORT);
        main.addInitialProperty("camel.management.healthCheckEnabled", "true");
        main.addInitialProperty("camel.management.metricsEnabled", "true");
        main.addInitialProperty("camel.health.exposureLevel", "full");
        main.addInitialProperty("camel.metrics.enabled", "true");
        // The project has its own meters. Timing each exchange of each route and endpoint took a twelfth of the CPU.
        main.addInitialProperty("camel.metrics.enableExchangeEventNotifier", "false");
        main.addInitialProperty("camel.metrics.enableRouteEventNotifier", "false");
        main.addInitialProperty("camel.metrics.enableRoutePolicy", "false");
        main.addInitialProperty("camel.main.jmxManagementStatisticsLevel", "RoutesOnly");
        main.addInitialProperty("rotation.api.http-client", API_HTTP_CLIENT);
        config.addTo(main);
        CamelEnvironment.addTo(main, literals, environment);
        List<String> problems = new ArrayList<>(managementPortProblems(config, environment));
        problems.addAll(pageProblems);
        main.configure().addRoutesBuilder(problems.isEmpty() ? routes : new ProblemCollectingRoutes(routes, problems));
        return main;
    }

    /** Runs Camel until it is stopped. */
    public static void run(Main main) throws Exception {
        try {
            main.run();
        } finally {
            main.completed(); // otherwise Camel logs the exit after a failed start as a SIGTERM
        }
    }

    /** Vert.x serves health and metrics. It would create a folder for files of the class path, of which it serves none. */
    private static void needNoTemporaryFolder() {
        for (String property : List.of("vertx.disableFileCPResolving", "vertx.disableFileCaching")) {
            System.setProperty(property, System.getProperty(property, "true"));
        }
    }

    /** Reports all of these problems before Camel, which would stop at the first, not name it, or not see it. */
    private static void requireNoProblem(ConfigFile config, Map<String, String> environment) {
        List<String> problems = new ArrayList<>(config.misspeltNames(environment));
        config.emptyCamelProperties(environment).forEach(name -> problems.add(name + EMPTY));
        problems.addAll(CamelEnvironment.problems(environment));
        config.jvmProperties().forEach(name -> problems.add(name + JVM_PROPERTY.formatted(name)));
        if (!problems.isEmpty()) {
            throw new UsageException(problems);
        }
    }

    /** Validates the management port; Camel would treat a value that is not a number as 0, any free port. */
    private static List<String> managementPortProblems(ConfigFile config, Map<String, String> environment) {
        String port = managementPort(config, environment);
        String expected = ", expected a free port, or 0 for any free port";
        if ("false".equals(config.get("camel.management.enabled", environment))
                || config.hasPlaceholder(MANAGEMENT_PORT, port)) {
            return List.of();
        }
        if (!isPort(port)) {
            return List.of(MANAGEMENT_PORT + ": invalid value '" + port + "'" + expected);
        }
        return isInUse(Integer.parseInt(port), null)
                ? List.of(MANAGEMENT_PORT + ": port '" + port + "' is in use" + expected)
                : List.of();
    }

    /**
     * Tests the port before the start; Camel would log the error and run without it.
     *
     * @param address the address to listen on; null for all
     */
    private static boolean isInUse(int port, @Nullable InetAddress address) {
        try (ServerSocket socket = new ServerSocket(port, 0, address)) {
            return !socket.isBound();
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean isPort(String text) {
        return text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65_535;
    }
}
