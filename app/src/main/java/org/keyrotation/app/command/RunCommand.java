package org.keyrotation.app.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.follow.FollowedRequest;
import org.keyrotation.app.job.Job;
import org.keyrotation.model.PlannedRotation;
import org.keyrotation.model.RequestReport;
import org.keyrotation.model.RequestReport.Outcome;
import org.keyrotation.model.RequestsReport;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.model.RotationRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command behind {@link Job.Kind#ONCE}. */
@Command(
        name = "run",
        description =
                "Requests all rotations that are due by rotation.schedule.*, rotates them and all other open requests, and shows the outcomes.",
        sortOptions = false,
        usageHelpAutoWidth = true,
        footerHeading = "%nExample:%n",
        footer = "  key-rotation run --config rotation.properties --timeout PT30M")
final class RunCommand extends DataCommand {

    @Option(names = "--timeout", paramLabel = "DURATION", description = "The maximum duration (default PT1H).")
    @Nullable
    Duration timeout;

    @Override
    RequestsReport failed(List<String> problems) {
        return new RequestsReport(List.of(), problems);
    }

    @Override
    public Integer call() throws Exception {
        Job job = JobRunner.run(Job.Kind.ONCE, timeout, program.configFile());
        output.print(report(job), job::table);
        return job.exitStatus();
    }

    /** A request that could not be read, and a credential that needs a person, are problems: they have no request. */
    private static RequestsReport report(Job job) {
        List<RequestReport> reports = new ArrayList<>();
        List<String> problems = new ArrayList<>(job.problems());
        for (FollowedRequest followed : job.requests()) {
            RotationRequest request = followed.request();
            if (request == null) {
                problems.add("%s %s: %s".formatted(followed.name(), outcome(followed), followed.detail()));
            } else {
                reports.add(new RequestReport(
                        Objects.requireNonNull(request.requestId()),
                        request.companyId(),
                        request.apiCredentialId(),
                        outcome(followed),
                        followed.detail()));
            }
        }
        RotationPlan plan = job.plan();
        if (plan != null) {
            plan.needingAttention().forEach(planned -> problems.add(problem(planned)));
        }
        return new RequestsReport(reports, problems);
    }

    private static Outcome outcome(FollowedRequest followed) {
        return Outcome.valueOf(followed.state().name());
    }

    private static String problem(PlannedRotation planned) {
        return "%s %s: %s"
                .formatted(planned.credential(), planned.state().name().toLowerCase(Locale.ROOT), planned.detail());
    }
}
