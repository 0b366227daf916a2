package org.keyrotation.routes.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;

/** The requests of a tick. Instances that tick side by side make the same ones, id and all. */
final class Schedule {

    private final ScheduleSettings settings;
    private final Clock clock;

    Schedule(ScheduleSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    List<RotationRequest> due(Exchange tick) {
        long length = settings.tick().toMillis();
        Instant dueAt = Instant.ofEpochMilli(clock.millis() / length * length);
        return settings.targets().stream().map(target -> request(target, dueAt)).toList();
    }

    private static RotationRequest request(CredentialId target, Instant dueAt) {
        String id =
                UUID.nameUUIDFromBytes((target + "@" + dueAt).getBytes(UTF_8)).toString();
        return new RotationRequest(
                id, target.companyId(), target.apiCredentialId(), "schedule", "key-rotation", dueAt, false);
    }
}
