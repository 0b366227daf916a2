package org.keyrotation.app.command;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.util.ObjectHelper;
import org.apache.camel.util.StringHelper;
import org.keyrotation.app.service.ConfigFile;
import org.keyrotation.app.service.UsageException;
import org.keyrotation.routes.config.InvalidSettingsException;
import org.keyrotation.routes.config.UnreadableFileException;
import org.keyrotation.routes.ledger.OtherApiException;

/**
 * What a command reports that ended with an exception.
 *
 * @param problems one line each, without any secret
 */
record CommandFailure(int exitStatus, List<String> problems) {

    private static final Pattern PLACEHOLDER = Pattern.compile("(?:Property with key|property) \\[([^\\]]+)]");

    /** @param config finds the properties that a placeholder is in */
    static CommandFailure of(Throwable e, ConfigFile config) {
        CommandException command = ObjectHelper.getException(CommandException.class, e);
        if (command != null) {
            return new CommandFailure(command.exitStatus(), command.problems());
        }
        InvalidSettingsException settings = ObjectHelper.getException(InvalidSettingsException.class, e);
        if (settings != null) {
            return wrongConfiguration(settings.problems());
        }
        UnreadableFileException file = ObjectHelper.getException(UnreadableFileException.class, e);
        if (file != null) {
            return wrongConfiguration(fileProblems(file, config));
        }
        PropertyBindingException binding = ObjectHelper.getException(PropertyBindingException.class, e);
        if (binding != null) {
            return wrongConfiguration(List.of(bindingProblem(binding)));
        }
        UsageException usage = ObjectHelper.getException(UsageException.class, e);
        if (usage != null) {
            return wrongConfiguration(usage.problems());
        }
        OtherApiException otherApi = ObjectHelper.getException(OtherApiException.class, e);
        if (otherApi != null) {
            return wrongConfiguration(List.of(String.valueOf(otherApi.getMessage())));
        }
        Matcher placeholder = PLACEHOLDER.matcher(String.valueOf(rootCause(e).getMessage()));
        if (placeholder.find()) {
            return wrongConfiguration(placeholderProblems(placeholder.group(1), config));
        }
        return new CommandFailure(ExitStatus.FAILED, List.of("key-rotation failed: " + safeMessage(rootCause(e))));
    }

    /** A wrong configuration, whose problems have a line each. */
    static CommandFailure wrongConfiguration(List<String> problems) {
        return new CommandFailure(
                ExitStatus.WRONG_USAGE,
                problems.stream()
                        .map(problem -> "Wrong configuration: " + problem)
                        .toList());
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

    /** Camel stops at the first such file, and does not say whose it is. */
    private static List<String> fileProblems(UnreadableFileException e, ConfigFile config) {
        String problem = e.getMessage() + ", expected " + UnreadableFileException.EXPECTED;
        return config.namesContaining("{{file:").stream()
                .sorted()
                .reduce((names, name) -> names + " or " + name)
                .map(names -> List.of(names + ": " + problem))
                .orElse(List.of(problem));
    }

    /** Names the properties that contain the placeholder, not the placeholder: it may be part of a secret. */
    private static List<String> placeholderProblems(String placeholder, ConfigFile config) {
        String problem = ": unresolvable placeholder, expected one that Camel can resolve with the modules on the"
                + " class path";
        Set<String> names = config.namesContaining(placeholder);
        return (names.isEmpty() ? Set.of("a property of Camel") : names)
                .stream().map(name -> name + problem).toList();
    }
}
