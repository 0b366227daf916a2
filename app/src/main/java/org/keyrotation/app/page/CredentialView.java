package org.keyrotation.app.page;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialStatus.State;

/**
 * All that is known of one credential.
 *
 * @param axis the keys of its last rotation on a time axis; null if it was never rotated here
 * @param events its timeline, the latest first; null while it is being read
 */
record CredentialView(
        Frame frame,
        String credential,
        State state,
        @Nullable Moment since,
        String why,
        List<Fact> facts,
        @Nullable KeyAxis axis,
        List<Consumer> consumers,
        @Nullable List<Event> events,
        List<Command> commands)
        implements View {

    record Fact(String name, String value, @Nullable Moment time) {}

    /** A consumer that is expected to adopt the key. */
    record Consumer(String name, String state, @Nullable Moment at) {}

    record Event(Moment at, String kind, String detail, @Nullable String requestId) {}

    @Override
    public String template() {
        return "credential.jte";
    }
}
