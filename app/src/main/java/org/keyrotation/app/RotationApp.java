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
 * The main class of the app. It runs the service until SIGTERM, or a job that ends by itself. Exit status:
 *
 * <ul>
 *   <li>0, or the JVM's own 143: the service stopped after SIGTERM.
 *   <li>1: the start failed.
 *   <li>2: the arguments or the configuration are wrong.
 *   <li>The status of a job: see {@link Job#exitStatus}.
 * </ul>
 */
public final class RotationApp {

    private static final Pattern PLACEHOLDER = Pattern.compile("(?:Property with key|property) \\[([^\\]]+)]");
    private static final int FAILED = 1;
    private static final int WRONG_CONFIGURATION = 2;

    private RotationApp() {}

    /** Runs the app with the arguments that {@code --help} prints, and exits the JVM. */
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
            return arguments.job() == null ? runService(config) : runJob(arguments.job(), arguments.timeout, config);
        } catch (Exception e) {
            return reportFailure(e, config);
        }
    }

    private static int runService(ConfigFile config) throws Exception {
        Main main = Service.createMain(config, System.getenv());
        ConfigurationWatch watch = new ConfigurationWatch(main);
        main.addMainListener(watch);
        run(main);
        String problem = watch.problem();
        return problem == null ? main.getExitCode() : reportWrongConfiguration(List.of(problem));
    }

    private static int runJob(Job.Kind kind, @Nullable Duration timeout, ConfigFile config) throws Exception {
        kind.properties().forEach(System::setProperty);
        Main main = Service.createMain(config, System.getenv());
        Job job = new Job(kind, timeout, main, System.out, System.err);
        main.addMainListener(job);
        run(main);
        return job.exitStatus();
    }

    private static void run(Main main) throws Exception {
        try {
            main.run();
        } finally {
            main.completed(); // otherwise Camel logs the exit after a failed start as a SIGTERM
        }
    }

    private static int reportFailure(Exception e, ConfigFile config) {
        InvalidSettingsException settings = ObjectHelper.getException(InvalidSettingsException.class, e);
        if (settings != null) {
            return reportWrongConfiguration(settings.problems());
        }
        PropertyBindingException binding = ObjectHelper.getException(PropertyBindingException.class, e);
        if (binding != null) {
            return reportWrongConfiguration(List.of(bindingProblem(binding)));
        }
        UsageException usage = ObjectHelper.getException(UsageException.class, e);
        if (usage != null) {
            return reportWrongConfiguration(usage.problems());
        }
        Matcher placeholder = PLACEHOLDER.matcher(String.valueOf(rootCause(e).getMessage()));
        if (placeholder.find()) {
            return reportWrongConfiguration(placeholderProblems(placeholder.group(1), config));
        }
        System.err.println("key-rotation failed to start: " + safeMessage(rootCause(e)));
        return FAILED;
    }

    /** The text of an I/O error, otherwise the class only: messages of Camel and Kafka may quote a secret setting. */
    private static String safeMessage(Throwable e) {
        return e instanceof IOException ? e.toString() : e.getClass().getName();
    }

    private static Throwable rootCause(Throwable e) {
        return e.getCause() == null ? e : rootCause(e.getCause());
    }

    /** Names the property only; Camel's own message quotes the value, which may be a secret. */
    private static String bindingProblem(PropertyBindingException e) {
        String name = e.getOptionPrefix() == null ? e.getPropertyName() : e.getOptionPrefix() + "." + e.getOptionKey();
        return StringHelper.camelCaseToDash(name.replace("..", "."))
                + ": unknown to Camel or invalid value, expected a property and value that Camel documents";
    }

    /** Names the properties that contain the placeholder, not the placeholder: it may be part of a secret. */
    private static List<String> placeholderProblems(String placeholder, ConfigFile config) {
        String problem = ": unresolvable placeholder, expected one that Camel can resolve with the modules on the"
                + " class path";
        Set<String> names = config.namesContaining(placeholder);
        return (names.isEmpty() ? Set.of("a property of Camel") : names)
                .stream().map(name -> name + problem).toList();
    }

    private static int reportWrongConfiguration(List<String> problems) {
        problems.forEach(
                problem -> System.err.println("Wrong configuration: " + problem.replaceAll("\\p{Cntrl}", "?")));
        return WRONG_CONFIGURATION;
    }
}
