package org.keyrotation.app.service;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.keyrotation.routes.config.InvalidSettingsException;

/**
 * A route builder that fails the start if the app's own settings are invalid. It validates the settings of the wrapped
 * routes first, so that one start reports all problems.
 */
final class ProblemCollectingRoutes extends RouteBuilder {

    private final RoutesBuilder routes;
    private final List<String> appProblems;

    ProblemCollectingRoutes(RoutesBuilder routes, List<String> appProblems) {
        this.routes = routes;
        this.appProblems = appProblems;
    }

    /** @throws UsageException with the problems of the routes and of the app */
    @Override
    public void configure() throws Exception {
        List<String> problems = new ArrayList<>();
        try {
            routes.addRoutesToCamelContext(getContext());
        } catch (InvalidSettingsException e) {
            problems.addAll(e.problems());
        }
        problems.addAll(appProblems);
        throw new UsageException(problems);
    }
}
