package org.keyrotation.app.command;

import java.time.Duration;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.job.Job;
import org.keyrotation.app.service.ConfigFile;
import org.keyrotation.app.service.LogSettings;
import org.keyrotation.app.service.Service;

/** Runs a job in the service's Camel Main, which the job stops. */
final class JobRunner {

    private JobRunner() {}

    /** Runs the job, prints its table, and returns its exit status. */
    static int runForTable(Job.Kind kind, @Nullable Duration timeout, ConfigFile config) throws Exception {
        Job job = run(kind, timeout, config);
        System.out.print(job.table());
        System.out.flush();
        return job.exitStatus();
    }

    static Job run(Job.Kind kind, @Nullable Duration timeout, ConfigFile config) throws Exception {
        LogSettings.apply(config, true);
        kind.properties().forEach(System::setProperty);
        Main main = Service.createMain(config, System.getenv());
        Job job = new Job(kind, timeout, main, System.err);
        main.addMainListener(job);
        Service.run(main);
        return job;
    }
}
