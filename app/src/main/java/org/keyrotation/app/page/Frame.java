package org.keyrotation.app.page;

import java.time.Instant;
import java.util.List;

/**
 * What all views have in common.
 *
 * @param title the title of the view
 * @param path the path of the view
 * @param parameters the parameters of the view
 * @param asOf when the topics were read
 * @param notices what is wrong with the service, or with what is shown
 */
record Frame(String title, String path, PageParameters parameters, Instant asOf, List<String> notices) {

    static final String FLEET = "/";
    static final String FAILURES = "/failures";

    String self() {
        return parameters.href(path);
    }

    String toggledRefresh() {
        return parameters.withRefresh(!parameters.refreshes()).href(path);
    }

    String fleet() {
        return parameters.ofOtherView().href(FLEET);
    }

    String failures() {
        return parameters.ofOtherView().href(FAILURES);
    }

    boolean isOf(String otherPath) {
        return path.equals(otherPath);
    }

    String time() {
        return Moment.absolute(asOf);
    }
}
