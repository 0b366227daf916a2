package org.keyrotation.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.job.Job;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command-line arguments of the app. */
@Command(
        name = "java -jar rotation-app.jar",
        description = "Rotates the client keys of Adyen API credentials until it is stopped.",
        sortOptions = false,
        usageHelpAutoWidth = true)
final class Arguments {

    private static final String EXPECTED =
            "; expected --config FILE, --once or --plan, --timeout DURATION (such as PT30M), --help";

    private static final Duration MAX_TIMEOUT = Duration.ofDays(30);

    @Option(names = "--config", paramLabel = "FILE", description = "A UTF-8 properties file.")
    @Nullable
    Path config;

    @ArgGroup
    @Nullable
    JobOptions jobOptions;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "The maximum duration of --once (default PT1H) or --plan (default PT1M).")
    @Nullable
    Duration timeout;

    @Option(names = "--help", usageHelp = true, description = "Shows this help.")
    boolean help;

    /** The mutually exclusive options that select a job. */
    static final class JobOptions {
        @Option(
                names = "--once",
                description =
                        "Requests all rotations that are due by rotation.schedule.*, waits for the outcomes of these"
                                + " and of all open requests, shows them and exits: 0 if all succeeded, 1 if one failed"
                                + " or a target is missing, 3 if one is open at the timeout.")
        boolean once;

        @Option(
                names = "--plan",
                description = "Shows the plan: what --once would rotate, and why not the rest. Changes nothing.")
        boolean plan;
    }

    /** @throws UsageException if an argument is invalid; the message quotes no value, as it may be a secret */
    static Arguments parse(String... args) {
        Arguments arguments = new Arguments();
        if (args.length == 0) {
            return arguments; // avoid loading picocli, which takes a third of a second
        }
        try {
            new CommandLine(arguments)
                    .setUnmatchedOptionsAllowedAsOptionParameters(false)
                    .parseArgs(args);
        } catch (ParameterException e) {
            throw new UsageException(problem(e, args) + EXPECTED);
        }
        if (arguments.timeout != null && arguments.job() == null) {
            throw new UsageException("argument --timeout: not supported without --once or --plan" + EXPECTED);
        }
        if (arguments.timeout != null
                && (arguments.timeout.isNegative() || arguments.timeout.compareTo(MAX_TIMEOUT) > 0)) {
            throw new UsageException("argument --timeout: not from PT0S to " + MAX_TIMEOUT + EXPECTED);
        }
        return arguments;
    }

    static String usage() {
        return new CommandLine(new Arguments()).getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    /** The kind of job to run; null to run the service. */
    Job.@Nullable Kind job() {
        if (jobOptions == null) {
            return null;
        }
        return jobOptions.plan ? Job.Kind.PLAN : Job.Kind.ONCE;
    }

    private static String problem(ParameterException e, String[] given) {
        if (e instanceof MutuallyExclusiveArgsException) {
            return "arguments --once and --plan: mutually exclusive";
        }
        String problem =
                switch (e.getClass().getSimpleName()) {
                    case "UnmatchedArgumentException" -> "unknown, or an option without its value";
                    case "MissingParameterException" -> "missing value";
                    case "OverwrittenOptionException" -> "given more than once";
                    default -> "invalid value";
                };
        return "argument " + name(e, given) + ": " + problem;
    }

    private static String name(ParameterException e, String[] given) {
        List<String> unmatched = e instanceof UnmatchedArgumentException unknown ? unknown.getUnmatched() : List.of();
        List<ArgSpec> missing = e instanceof MissingParameterException incomplete ? incomplete.getMissing() : List.of();
        if (!missing.isEmpty() && missing.get(0) instanceof OptionSpec option) {
            return option.longestName();
        }
        if (e.getArgSpec() instanceof OptionSpec option) {
            return option.longestName();
        }
        return (unmatched.isEmpty() ? given[0] : unmatched.get(0)).replaceAll("(?s)=.*", "=...");
    }
}
