package org.keyrotation.app.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.apache.camel.main.Main;
import org.keyrotation.app.service.ConfigFile;
import org.keyrotation.app.service.ConfigurationWatch;
import org.keyrotation.app.service.LogSettings;
import org.keyrotation.app.service.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** The service. */
@Command(
        name = "serve",
        description = "Runs the service until SIGTERM: rotates what is requested, and by the schedule what is due.",
        sortOptions = false,
        usageHelpAutoWidth = true)
final class ServeCommand implements Callable<Integer> {

    @ParentCommand
    private KeyRotation program;

    @Override
    public Integer call() throws Exception {
        return run(program.configFile());
    }

    static int run(ConfigFile config) throws Exception {
        LogSettings.apply(config, false);
        Main main = Service.createServer(config, System.getenv());
        ConfigurationWatch watch = new ConfigurationWatch(main);
        main.addMainListener(watch);
        Service.run(main);
        String problem = watch.problem();
        if (problem != null) {
            CommandFailure failure = CommandFailure.wrongConfiguration(List.of(problem));
            throw new CommandException(failure.exitStatus(), failure.problems());
        }
        return main.getExitCode();
    }
}
