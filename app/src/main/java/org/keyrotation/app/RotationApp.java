package org.keyrotation.app;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.main.Main;
import org.apache.camel.util.ObjectHelper;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.job.Job;
import org.keyrotation.routes.config.InvalidSettingsException;

/**
 * The service, or a job that ends by itself. Its exit status is 0 (or the JVM's own 143) after SIGTERM, 2 where the
 * configuration is wrong, and 1 where the start fails for another reason; of a job see {@link Job#exitStatus}.
 */
public final class RotationApp {

    private static final Pattern PLACEHOLDER = Pattern.compile("(?:Property with key|property) \\[([^\\]]+)]");
    private static final int FAILED = 1;
    private static final int WRONG_CONFIGURATION = 2;

    private RotationApp() {}

    /** Takes what {@code --help} shows. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        ConfigFile config = ConfigFile.none();
        try {
            Arguments arguments = Arguments.parse(args);
            if (arguments.help) {
                System.out.print(Arguments.usage());
                return 0;
            }
            config = ConfigFile.of(arguments.config, System.getenv("ROTATION_CONFIG"));
            LogSettings.apply(config, arguments.job() != null);
            return arguments.job() == null ? serve(config) : work(arguments.job(), arguments.timeout, config);
        } catch (Exception e) {
            return explain(e, config);
        }
    }

    private static int serve(ConfigFile config) throws Exception {
        Main main = Service.assemble(config, System.getenv());
        run(main);
        return main.getExitCode();
    }

    private static int work(Job.Kind kind, @Nullable Duration timeout, ConfigFile config) throws Exception {
        kind.properties().forEach(System::setProperty);
        Main main = Service.assemble(config, System.getenv());
        Job job = new Job(kind, timeout, main, System.out, System.err);
        main.addMainListener(job);
        run(main);
        return job.exitStatus();
    }

    private static void run(Main main) throws Exception {
        try {
            main.run();
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
        UsageException usage = ObjectHelper.getException(UsageException.class, e);
        if (usage != null) {
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
