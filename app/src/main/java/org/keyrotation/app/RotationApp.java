package org.keyrotation.app;

import java.util.List;
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

    private static final int FAILED = 1;
    private static final int WRONG_CONFIGURATION = 2;

    private RotationApp() {}

    /** Takes nothing, or {@code --config FILE}. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        try {
            ConfigFile config = ConfigFile.of(List.of(args), System.getenv("ROTATION_CONFIG"));
            LogSettings.apply(config);
            return serve(config);
        } catch (Exception e) {
            return explain(e);
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

    private static int explain(Exception e) {
        InvalidSettingsException settings = ObjectHelper.getException(InvalidSettingsException.class, e);
        if (settings != null) {
            return wrong(settings.problems());
        }
        PropertyBindingException binding = ObjectHelper.getException(PropertyBindingException.class, e);
        if (binding != null) {
            return wrong(List.of(unbound(binding)));
        }
        if (e instanceof UsageException) {
            return wrong(List.of(e.getMessage()));
        }
        System.err.println("key-rotation cannot start: " + e);
        return FAILED;
    }

    /** Camel's own message would show the value, which may be a secret. */
    private static String unbound(PropertyBindingException e) {
        String name = e.getOptionPrefix() == null ? e.getPropertyName() : e.getOptionPrefix() + "." + e.getOptionKey();
        return StringHelper.camelCaseToDash(name.replace("..", "."))
                + ": Camel knows no such property, or cannot use its value; allowed is what Camel documents";
    }

    private static int wrong(List<String> problems) {
        problems.forEach(problem -> System.err.println("Wrong configuration: " + problem));
        return WRONG_CONFIGURATION;
    }
}
