package org.keyrotation.app.page;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialStatus.State;

/**
 * The list of credentials, those that need a person first.
 *
 * @param urgent the number of credentials of the whole fleet that need a person
 * @param total the number of credentials of the whole fleet
 * @param unreadable the number of failed requests that could not be read, which belong to no credential
 * @param counts the number of credentials in each state, of the search and the company
 * @param all the URL of the same list with all states
 * @param companies the companies to choose from
 */
record FleetView(
        Frame frame,
        int urgent,
        int total,
        long unreadable,
        List<Count> counts,
        String all,
        List<String> companies,
        List<Row> rows,
        Paging paging)
        implements View {

    /** A state with the number of its credentials, as a link to their list. */
    record Count(State state, int number, String href, boolean selected) {}

    /** A credential. */
    record Row(String credential, String href, State state, @Nullable Moment since, String why) {}

    @Override
    public String template() {
        return "fleet.jte";
    }

    /** Whether nothing of the service needs a person, as far as is known. */
    boolean isAllClear() {
        return urgent == 0 && unreadable == 0 && total > 0 && !frame.isAnyAlarm();
    }
}
