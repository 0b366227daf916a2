package org.keyrotation.app;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.keyrotation.routes.config.InvalidSettingsException;

/** Routes that are not started, as the service's own settings are wrong: so that what is wrong with theirs is told, too. */
final class RefusedRoutes extends RouteBuilder {

    private final RoutesBuilder routes;
    private final List<String> problems;

    RefusedRoutes(RoutesBuilder routes, List<String> problems) {
        this.routes = routes;
        this.problems = problems;
    }

    /** @throws UsageException with all problems */
    @Override
    public void configure() throws Exception {
        List<String> all = new ArrayList<>();
        try {
            routes.addRoutesToCamelContext(getContext());
        } catch (InvalidSettingsException e) {
            all.addAll(e.problems());
        }
        all.addAll(problems);
        throw new UsageException(all);
    }
}
