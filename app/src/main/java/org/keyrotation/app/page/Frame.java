package org.keyrotation.app.page;

import java.time.Instant;
import java.util.List;

/**
 * The parts that all views have.
 *
 * @param title the title of the view
 * @param path the path of the view
 * @param parameters the parameters of the view
 * @param asOf when the topics were read
 * @param notices problems of the service as a whole, or of this view
 */
record Frame(String title, String path, PageParameters parameters, Instant asOf, List<Notice> notices) {

    static final String FLEET = "/";
    static final String FAILURES = "/failures";

    /**
     * A line above the view.
     *
     * @param isAlarm whether it needs a person
     */
    record Notice(String text, boolean isAlarm) {}

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

    boolean isAnyAlarm() {
        return notices.stream().anyMatch(Notice::isAlarm);
    }

    String time() {
        return Moment.absolute(asOf);
    }
}
