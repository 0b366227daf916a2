package org.keyrotation.app.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.job.Job;
import org.keyrotation.app.service.ConfigFile;
import org.keyrotation.app.terminal.Table;
import org.keyrotation.app.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program and its commands. Without a command it is the service. */
@Command(
        name = "key-rotation",
        description = "Rotates the client keys of Adyen API credentials. Without a command: serve.",
        subcommands = {
            ServeCommand.class,
            RotateCommand.class,
            StatusCommand.class,
            FailuresCommand.class,
            ReplayCommand.class,
            PlanCommand.class,
            RunCommand.class,
            CheckCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            WarmUpCommand.class,
            JavaOptionsCommand.class,
            CompletionCommand.class
        },
        versionProvider = KeyRotation.Version.class,
        synopsisSubcommandLabel = "[COMMAND]",
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:something failed",
            "2:wrong usage or configuration",
            "3:something is still open at the timeout",
            "4:not confirmed, or over the limit: nothing was done"
        })
public final class KeyRotation implements Callable<Integer> {

    private static final CommandFailure UNWRITABLE =
            new CommandFailure(ExitStatus.FAILED, List.of("Standard output cannot be written"));

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "A UTF-8 properties file. Default: the file that $ROTATION_CONFIG names, if it is set.")
    @Nullable
    Path config;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Shows this help.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "Shows the version.")
    boolean version;

    @ArgGroup
    @Nullable
    JobOptions jobOptions;

    @Option(names = "--timeout", paramLabel = "DURATION", description = "With --once or --plan: see run and plan.")
    @Nullable
    Duration timeout;

    @Spec
    private CommandSpec spec;

    /** The mutually exclusive options that are aliases of commands. */
    static final class JobOptions {
        @Option(names = "--once", description = "The same as the command run.")
        boolean once;

        @Option(names = "--plan", description = "The same as the command plan.")
        boolean plan;
    }

    /** The version of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = KeyRotation.class.getPackage().getImplementationVersion();
            return new String[] {"key-rotation " + (version == null ? "(not packaged)" : version)};
        }
    }

    /** Runs the command and returns its exit status. The service without arguments does not load picocli: that takes 0.3 s. */
    public static int execute(String... arguments) {
        KeyRotation root = new KeyRotation();
        if (arguments.length == 0) {
            try {
                return ServeCommand.run(root.configFile());
            } catch (Exception e) {
                return report(CommandFailure.of(e, ConfigFile.none()));
            }
        }
        int status = new CommandLine(root)
                .setUnmatchedOptionsAllowedAsOptionParameters(false)
                .setExpandAtFiles(false) // a reason may begin with @
                .setColorScheme(Help.defaultColorScheme(Terminal.colours()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Duration.class, Durations::parse)
                .setExecutionStrategy(parsed -> {
                    UsageProblem.requireDecodable(parsed);
                    return new RunLast().execute(parsed);
                })
                .setParameterExceptionHandler((e, given) -> root.wrongUsage(e, List.of(given)))
                .setExecutionExceptionHandler((e, line, parsed) -> root.failed(e, line))
                .execute(arguments);
        return status == ExitStatus.DONE && System.out.checkError() ? report(UNWRITABLE) : status;
    }

    @Override
    public Integer call() throws Exception {
        if (jobOptions == null) {
            if (timeout != null) {
                throw new ParameterException(
                        spec.commandLine(), "argument --timeout: not supported without --once or --plan");
            }
            return ServeCommand.run(configFile());
        }
        return JobRunner.runForTable(jobOptions.plan ? Job.Kind.PLAN : Job.Kind.ONCE, timeout, configFile());
    }

    /** @throws org.keyrotation.app.service.UsageException if the file cannot be read */
    ConfigFile configFile() {
        return ConfigFile.of(config, System.getenv("ROTATION_CONFIG"));
    }

    private int wrongUsage(ParameterException e, List<String> arguments) {
        String problem = UsageProblem.describe(e, arguments);
        CommandFailure failure = new CommandFailure(ExitStatus.WRONG_USAGE, List.of(problem));
        Object command = e.getCommandLine().getCommand();
        if (command instanceof DataCommand data && asksForJson(arguments)) {
            Output.printJson(data.failed(failure.problems()));
        }
        return report(failure);
    }

    /** The arguments could not be parsed. */
    private static boolean asksForJson(List<String> arguments) {
        return String.join(" ", arguments).toLowerCase(Locale.ROOT).matches("(?s).*(-o|--output)[ =]?json.*");
    }

    private int failed(Exception e, CommandLine line) {
        CommandFailure failure = CommandFailure.of(e, readableConfigFile());
        if (line.getCommand() instanceof DataCommand data && data.output.isJson()) {
            Output.printJson(data.failed(failure.problems()));
        }
        return report(failure);
    }

    private ConfigFile readableConfigFile() {
        try {
            return configFile();
        } catch (RuntimeException e) {
            return ConfigFile.none(); // the failure is that it cannot be read
        }
    }

    private static int report(CommandFailure failure) {
        failure.problems().forEach(problem -> System.err.println(Table.text(problem)));
        return failure.exitStatus();
    }
}
