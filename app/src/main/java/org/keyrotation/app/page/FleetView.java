package org.keyrotation.app.page;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialStatus.State;

/**
 * The list of credentials, those that need a person first.
 *
 * @param counts the number of credentials in each state, of the search and the company
 * @param all the URL of the same list with all states
 * @param companies the companies to choose from
 */
record FleetView(Frame frame, List<Count> counts, String all, List<String> companies, List<Row> rows, Paging paging)
        implements View {

    /** A state with the number of its credentials, as a link to their list. */
    record Count(State state, int number, String href, boolean selected) {}

    record Row(String credential, String href, State state, @Nullable Moment since, String why) {}

    @Override
    public String template() {
        return "fleet.jte";
    }

    /** Returns how many credentials need a person. */
    int urgent() {
        return counts.stream()
                .filter(count -> States.needsPerson(count.state()))
                .mapToInt(Count::number)
                .sum();
    }

    int total() {
        return counts.stream().mapToInt(Count::number).sum();
    }
}
