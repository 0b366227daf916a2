package org.keyrotation.app;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.job.Job;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
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

    private static final String ALLOWED = "allowed is --config FILE, --once or --plan, --timeout DURATION, --help";

    @Option(names = "--config", paramLabel = "FILE", description = "A UTF-8 file of properties.")
    @Nullable
    Path config;

    @ArgGroup
    @Nullable
    Once once;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "How long --once waits for outcomes, PT1H by default, or --plan for Kafka, PT1M.")
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
        try {
            new CommandLine(arguments)
                    .setUnmatchedOptionsAllowedAsOptionParameters(false)
                    .parseArgs(args);
        } catch (ParameterException e) {
            throw new UsageException("the argument " + name(e)
                    + " is not known, not complete, or does not go with the others; " + ALLOWED);
        }
        if (arguments.timeout != null && (arguments.timeout.isNegative() || arguments.job() == null)) {
            throw new UsageException("the argument --timeout is negative, or without --once and --plan; " + ALLOWED);
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

    private static String name(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unmatched.getUnmatched().get(0).replaceAll("(?s)=.*", "=...");
        }
        ArgSpec argument = e instanceof MissingParameterException missing
                ? missing.getMissing().get(0)
                : e.getArgSpec();
        return argument instanceof OptionSpec option ? option.longestName() : "that was given";
    }
}
