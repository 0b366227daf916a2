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

/** What the app is started with. */
@Command(
        name = "java -jar rotation-app.jar",
        description = "Rotates Adyen client keys, until it is stopped.",
        sortOptions = false,
        usageHelpAutoWidth = true)
final class Arguments {

    private static final String ALLOWED =
            "allowed is --config FILE, --once or --plan, --timeout DURATION (PT30M say), --help";

    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(30);

    @Option(names = "--config", paramLabel = "FILE", description = "A UTF-8 file of properties.")
    @Nullable
    Path config;

    @ArgGroup
    @Nullable
    Once once;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "How long --once may take, PT1H by default, or --plan, PT1M.")
    @Nullable
    Duration timeout;

    @Option(names = "--help", usageHelp = true, description = "Shows this.")
    boolean help;

    /** One of them at most. */
    static final class Once {
        @Option(
                names = "--once",
                description = "Asks for all that is due by rotation.schedule.*, waits for the outcomes, shows them, and"
                        + " ends: 0, 1 where one failed, 3 where one is still open at the timeout.")
        boolean once;

        @Option(
                names = "--plan",
                description = "Shows what --once would rotate, and why it would leave the rest alone. Changes nothing.")
        boolean plan;
    }

    /** @throws UsageException without the values, which may be secrets */
    static Arguments parse(String... args) {
        Arguments arguments = new Arguments();
        if (args.length == 0) {
            return arguments; // picocli alone would take a third of a second
        }
        try {
            new CommandLine(arguments)
                    .setUnmatchedOptionsAllowedAsOptionParameters(false)
                    .parseArgs(args);
        } catch (ParameterException e) {
            throw new UsageException(problem(e, args) + "; " + ALLOWED);
        }
        if (arguments.timeout != null && arguments.job() == null) {
            throw new UsageException("the argument --timeout is of no use without --once or --plan; " + ALLOWED);
        }
        if (arguments.timeout != null
                && (arguments.timeout.isNegative() || arguments.timeout.compareTo(LONGEST_TIMEOUT) > 0)) {
            throw new UsageException("the argument --timeout is not from PT0S to " + LONGEST_TIMEOUT + "; " + ALLOWED);
        }
        return arguments;
    }

    static String usage() {
        return new CommandLine(new Arguments()).getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    /** What it does before it ends by itself; null where it serves until it is stopped. */
    Job.@Nullable Kind job() {
        if (once == null) {
            return null;
        }
        return once.plan ? Job.Kind.PLAN : Job.Kind.ONCE;
    }

    private static String problem(ParameterException e, String[] given) {
        if (e instanceof MutuallyExclusiveArgsException) {
            return "the arguments --once and --plan exclude each other";
        }
        String problem =
                switch (e.getClass().getSimpleName()) {
                    case "UnmatchedArgumentException" -> "is not known, or another that needs a value has none";
                    case "MissingParameterException" -> "is not complete";
                    case "OverwrittenOptionException" -> "is given twice";
                    default -> "has a value that cannot be used";
                };
        return "the argument " + name(e, given) + " " + problem;
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
