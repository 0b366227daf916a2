package org.keyrotation.routes.intake;

import java.time.Duration;
import java.util.List;
import org.keyrotation.model.CredentialId;

/**
 * What the timer asks for.
 *
 * @param tick how often
 * @param targets a request for each of these, each tick
 */
public record ScheduleSettings(Duration tick, List<CredentialId> targets) {

    public ScheduleSettings {
        targets = List.copyOf(targets);
    }
}
