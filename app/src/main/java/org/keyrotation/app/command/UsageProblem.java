package org.keyrotation.app.command;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.keyrotation.routes.config.InvisibleCharacters;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Describes wrong arguments in a line. It quotes no value of an unknown option: that may be a secret. */
final class UsageProblem {

    private static final String PICOCLI_ENUM = "(?s)expected one of \\[(.*)] \\(case-.*sensitive\\) but was (.*)";

    /** Of a value that begins with a dash. Picocli has neither the option nor the value elsewhere. */
    private static final Pattern OPTION_AS_VALUE =
            Pattern.compile("(?s).*Expected parameter for option '(--[a-z-]+)' but found '.*");

    private UsageProblem() {}

    static String describe(ParameterException e, List<String> arguments) {
        return "Wrong usage: " + problem(e, arguments) + "; see "
                + e.getCommandLine().getCommandSpec().qualifiedName() + " --help";
    }

    /** @throws ParameterException if the locale of the process could not decode an argument: its text is lost */
    static void requireDecodable(ParseResult parsed) {
        for (ArgSpec argument : parsed.matchedArgs()) {
            if (argument.stringValues().stream().anyMatch(InvisibleCharacters::isUndecodable)) {
                throw new ParameterException(parsed.commandSpec().commandLine(), undecodable(name(argument)));
            }
        }
        if (parsed.hasSubcommand()) {
            requireDecodable(parsed.subcommand());
        }
    }

    private static String undecodable(String name) {
        return "argument %s: %s, expected %s"
                .formatted(name, InvisibleCharacters.UNDECODABLE, InvisibleCharacters.DECODING_LOCALE);
    }

    private static String problem(ParameterException e, List<String> arguments) {
        if (InvisibleCharacters.isUndecodable(String.valueOf(e.getMessage()))) {
            return undecodable(name(e, arguments));
        }
        if (e.getClass() == ParameterException.class && e.getCause() == null) {
            return String.valueOf(e.getMessage()); // a command's own
        }
        if (e instanceof MutuallyExclusiveArgsException) {
            String names = String.valueOf(e.getMessage()).replaceAll("^Error: | are mutually exclusive.*", "");
            return "arguments " + names + ": mutually exclusive";
        }
        Matcher optionAsValue = OPTION_AS_VALUE.matcher(String.valueOf(e.getMessage()));
        if (e instanceof UnmatchedArgumentException && optionAsValue.matches()) {
            return "argument " + optionAsValue.group(1) + ": missing value, or one that begins with '-'";
        }
        if (e.getCause() instanceof TypeConversionException conversion) {
            return "argument " + name(e, arguments) + ": "
                    + String.valueOf(conversion.getMessage())
                            .replaceFirst(PICOCLI_ENUM, "invalid value $2, expected one of $1");
        }
        String problem =
                switch (e.getClass().getSimpleName()) {
                    case "UnmatchedArgumentException" -> "unknown, or an option without its value";
                    case "MissingParameterException" -> "missing value";
                    case "OverwrittenOptionException" -> "given more than once";
                    default -> "invalid value";
                };
        return "argument " + name(e, arguments) + ": " + problem;
    }

    private static String name(ParameterException e, List<String> arguments) {
        List<String> unmatched = e instanceof UnmatchedArgumentException unknown ? unknown.getUnmatched() : List.of();
        List<ArgSpec> missing = e instanceof MissingParameterException incomplete ? incomplete.getMissing() : List.of();
        if (!missing.isEmpty()) {
            return name(missing.get(0));
        }
        if (e.getArgSpec() != null) {
            return name(e.getArgSpec());
        }
        return (unmatched.isEmpty() ? arguments.get(0) : unmatched.get(0)).replaceAll("(?s)=.*", "=...");
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
