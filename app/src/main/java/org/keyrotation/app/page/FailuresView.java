package org.keyrotation.app.page;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.FailureCode;

/**
 * The failures that no key has followed, the newest first.
 *
 * @param counts the number of failures with each code
 * @param all the URL of the same list with all codes
 * @param replay the command that asks again for all that are listed; null if a code is not selected
 */
record FailuresView(
        Frame frame, List<Count> counts, String all, @Nullable Command replay, List<Row> rows, Paging paging)
        implements View {

    /** A code with the number of its failures, as a link to their list. */
    record Count(FailureCode code, int number, String href, boolean selected) {}

    /**
     * A failure.
     *
     * @param credential null if the request could not be read
     * @param code null, like the detail, if the failures topic does not hold the failure any more
     * @param request who requested the rotation, and why
     * @param replay the command that asks again; null if there is nothing to ask for
     */
    record Row(
            @Nullable String credential,
            @Nullable String href,
            @Nullable FailureCode code,
            @Nullable String detail,
            Moment failedAt,
            int inARow,
            String request,
            @Nullable Command replay) {}

    @Override
    public String template() {
        return "failures.jte";
    }
}
