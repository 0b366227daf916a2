package org.keyrotation.app.page;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialStatus.AdoptionState;
import org.keyrotation.model.CredentialStatus.State;

/**
 * All that is known of one credential.
 *
 * @param axis the keys of its last rotation on a time axis; null if it was never rotated here
 * @param events its timeline, the latest first; null while it is being read
 * @param hasOlderEvents whether older events are not shown
 */
record CredentialView(
        Frame frame,
        State state,
        @Nullable Moment since,
        String why,
        List<Fact> facts,
        @Nullable KeyAxis axis,
        List<Consumer> consumers,
        @Nullable List<Event> events,
        boolean hasOlderEvents,
        List<Command> commands)
        implements View {

    /** A line of what is known: a text, or a time. */
    record Fact(String name, String value, @Nullable Moment time) {}

    /** A consumer that is expected to adopt the key. */
    record Consumer(String name, AdoptionState state, @Nullable Moment at) {}

    /** An event of the timeline. */
    record Event(Moment at, String kind, String detail, @Nullable String requestId) {}

    @Override
    public String template() {
        return "credential.jte";
    }
}
