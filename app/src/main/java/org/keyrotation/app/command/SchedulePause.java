package org.keyrotation.app.command;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerControl;
import org.keyrotation.routes.ledger.LedgerControl.Pause;
import org.keyrotation.routes.startup.LedgerClaim;

/** The pause of the schedule of the whole fleet, in the control record of the ledger. */
final class SchedulePause {

    private final CommandContext context;
    private final Ledger ledger;

    private SchedulePause(CommandContext context, Ledger ledger) {
        this.context = context;
        this.ledger = ledger;
    }

    /** @throws CommandException if the ledger does not exist, or Kafka does not answer */
    static SchedulePause read(CommandContext context) throws Exception {
        String topic = context.settings().ledger().topic();
        if (!context.exists(topic)) {
            throw new CommandException(
                    ExitStatus.FAILED,
                    "The ledger topic %s does not exist, expected the one of the service (rotation.topics.ledger)"
                            .formatted(topic));
        }
        return new SchedulePause(context, context.ledger());
    }

    /** Returns the last pause or resume, or null if there was none. */
    @Nullable
    Pause last() {
        LedgerControl control = ledger.control();
        return control == null ? null : control.pause();
    }

    /**
     * Pauses or resumes, in the name of the user.
     *
     * @throws CommandException if Kafka does not answer, or an older version is at work
     */
    Pause write(boolean paused, @Nullable Instant until) throws InterruptedException {
        Pause pause = new Pause(paused, until, UserName.current(), Instant.now().truncatedTo(ChronoUnit.MILLIS));
        try {
            requireControlRecord();
            ledger.writePause(pause);
            return pause;
        } catch (ExecutionException | KafkaException | IllegalStateException e) {
            throw context.noAnswer(e);
        }
    }

    private void requireControlRecord() throws ExecutionException, InterruptedException {
        RotationSettings settings = context.settings();
        LedgerClaim.withoutIntake(context.camel(), ledger, settings.ledger(), settings.api(), settings.intake())
                .claimForApi();
        if (ledger.control() == null) {
            throw new CommandException(
                    ExitStatus.FAILED,
                    "The group '%s' has members of an older version, which cannot be paused: expected this version"
                            .formatted(settings.intake().groupId()));
        }
    }
}
