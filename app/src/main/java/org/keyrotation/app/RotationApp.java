package org.keyrotation.app;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.main.Main;
import org.apache.camel.util.ObjectHelper;
import org.apache.camel.util.StringHelper;
import org.keyrotation.routes.InvalidSettingsException;

/**
 * The service. Its exit status is 0 (or the JVM's own 143) after SIGTERM, 2 where the configuration is wrong, and 1 where
 * the start fails for another reason.
 */
public final class RotationApp {

    private static final Pattern PLACEHOLDER = Pattern.compile("(?:Property with key|property) \\[([^\\]]+)]");
    private static final int FAILED = 1;
    private static final int WRONG_CONFIGURATION = 2;

    private RotationApp() {}

    /** Takes nothing, {@code --config FILE}, or {@code --help}. */
    public static void main(String[] args) {
        if (List.of(args).contains("--help")) {
            System.out.println("java -jar rotation-app.jar [--config FILE], a UTF-8 file of properties");
            return;
        }
        System.exit(run(args));
    }

    private static int run(String[] args) {
        ConfigFile config = ConfigFile.none();
        try {
            config = ConfigFile.of(List.of(args), System.getenv("ROTATION_CONFIG"));
            LogSettings.apply(config);
            return serve(config);
        } catch (Exception e) {
            return explain(e, config);
        }
    }

    private static int serve(ConfigFile config) throws Exception {
        Main main = Service.assemble(config, System.getenv());
        try {
            main.run();
            return main.getExitCode();
        } finally {
            main.completed(); // or Camel would log the exit of a failed start as a SIGTERM
        }
    }

    private static int explain(Exception e, ConfigFile config) {
        InvalidSettingsException settings = ObjectHelper.getException(InvalidSettingsException.class, e);
        if (settings != null) {
            return wrong(settings.problems());
        }
        PropertyBindingException binding = ObjectHelper.getException(PropertyBindingException.class, e);
        if (binding != null) {
            return wrong(List.of(unbound(binding)));
        }
        if (e instanceof UsageException usage) {
            return wrong(usage.problems());
        }
        Matcher placeholder = PLACEHOLDER.matcher(String.valueOf(deepest(e).getMessage()));
        if (placeholder.find()) {
            return wrong(unresolved(placeholder.group(1), config));
        }
        System.err.println("key-rotation cannot start: " + reason(deepest(e)));
        return FAILED;
    }

    /** Camel's and Kafka's own errors may quote a setting, and so a secret. */
    private static String reason(Throwable e) {
        return e instanceof IOException ? e.toString() : e.getClass().getName();
    }

    private static Throwable deepest(Throwable e) {
        return e.getCause() == null ? e : deepest(e.getCause());
    }

    /** Camel's own message would show the value, which may be a secret. */
    private static String unbound(PropertyBindingException e) {
        String name = e.getOptionPrefix() == null ? e.getPropertyName() : e.getOptionPrefix() + "." + e.getOptionKey();
        return StringHelper.camelCaseToDash(name.replace("..", "."))
                + ": Camel knows no such property, or cannot use its value; allowed is what Camel documents";
    }

    /** By the property that holds it: a placeholder that nobody meant to be one may be part of a secret. */
    private static List<String> unresolved(String placeholder, ConfigFile config) {
        String problem =
                ": its placeholder cannot be resolved; allowed is one that Camel, with the modules on the class"
                        + " path, can resolve";
        Set<String> names = config.holding(placeholder);
        return (names.isEmpty() ? Set.of("a property of Camel's") : names)
                .stream().map(name -> name + problem).toList();
    }

    private static int wrong(List<String> problems) {
        problems.forEach(
                problem -> System.err.println("Wrong configuration: " + problem.replaceAll("\\p{Cntrl}", "?")));
        return WRONG_CONFIGURATION;
    }
}
