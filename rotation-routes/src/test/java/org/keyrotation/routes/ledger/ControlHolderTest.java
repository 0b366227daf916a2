package org.keyrotation.routes.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.Json;
import org.keyrotation.routes.ledger.LedgerControl.Pause;

/** The control record in memory: which record wins, and what has to be repaired. */
class ControlHolderTest {

    private static final LedgerControl BLUE = new LedgerControl(2, "blue", "host", null, null);

    private final ControlHolder holder = new ControlHolder();

    @Test
    void firstOfTwoRecordsThatWereMadeFromTheSameOneWins() throws IOException {
        apply(5, BLUE);
        apply(6, new LedgerControl(2, "green", "host", null, null));

        assertThat(holder.get()).isEqualTo(BLUE);
        assertThat(holder.toRepair()).isEqualTo(BLUE);
    }

    @Test
    void recordWithAGreaterRevisionWinsAndEndsTheRepair() throws IOException {
        apply(5, BLUE);
        apply(6, new LedgerControl(1, "green", "host", null, null));
        apply(7, BLUE.rewritten());

        assertThat(holder.get()).isEqualTo(BLUE.rewritten());
        assertThat(holder.toRepair()).isNull();
    }

    @Test
    void sameRecordOfTwoInstancesNeedsNoRepair() throws IOException {
        apply(5, BLUE);
        apply(6, BLUE);

        assertThat(holder.toRepair()).isNull();
    }

    @Test
    void tombstoneAlwaysWins() throws IOException {
        apply(5, BLUE);
        holder.apply(6, null);
        assertThat(holder.get()).isNull();

        apply(7, LedgerControl.first("green", "host"));
        assertThat(holder.get()).isEqualTo(LedgerControl.first("green", "host"));
    }

    @Test
    void recordsThatAreReadAgainChangeNothing() throws IOException {
        apply(5, BLUE);
        holder.apply(6, null);
        CompletableFuture<Void> nextChange = holder.nextChange();

        apply(5, BLUE);

        assertThat(holder.get()).isNull();
        assertThat(nextChange).isNotDone();
    }

    @Test
    void changeIsAnnounced() throws IOException {
        CompletableFuture<Void> nextChange = holder.nextChange();

        apply(5, BLUE);

        assertThat(nextChange).isCompleted();
    }

    @Test
    void fieldsOfALaterVersionAreKeptAndFollowOurs() throws IOException {
        holder.apply(5, "{\"paused\":true,\"revision\":2,\"group\":\"blue\",\"apiHost\":\"host\"}".getBytes(UTF_8));

        assertThat(new String(holder.json(BLUE.withGroup("green")), UTF_8))
                .isEqualTo("{\"revision\":3,\"group\":\"green\",\"apiHost\":\"host\",\"paused\":true}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "[]",
                "{}",
                "{'paused':null}",
                "{'paused':'yes','until':'rubbish'}",
                "{'paused':false,'until':'rubbish'}",
                "{'paused':false,'by':'\\u001b[31m'}"
            })
    void pauseThatIsUnreadablePausesTheScheduleAlone(String pause) throws IOException {
        applyPause(5, pause);

        LedgerControl control = requireNonNull(holder.get());
        assertThat(control.apiHost()).isEqualTo("host");
        assertThat(control.activePause(Instant.MAX)).isEqualTo(Pause.UNREADABLE);
        assertThat(Pause.UNREADABLE.by()).isEqualTo("an unreadable pause in the control record");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "[]", "{\"AcmeCorp\":null}", "{\"AcmeCorp\":\"rubbish\"}"})
    void confirmedKeysThatAreUnreadableCountAsNone(String confirmed) throws IOException {
        holder.apply(
                5,
                "{\"revision\":2,\"apiHost\":\"host\",\"confirmedKeys\":%s}"
                        .formatted(confirmed)
                        .getBytes(UTF_8));

        assertThat(requireNonNull(holder.get()).confirmedKeys()).isNull();
    }

    @Test
    void resumeReplacesAnUnreadablePause() throws IOException {
        applyPause(5, "{'paused':'yes'}");
        Pause resumed = new Pause(false, null, "alice", null);

        apply(6, requireNonNull(holder.get()).withPause(resumed));

        assertThat(requireNonNull(holder.get()).pause()).isEqualTo(resumed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'paused':'yes','until':'rubbish'}", "{'paused':true,'scope':'live','by':'alice'}"})
    void pauseOfALaterVersionIsKeptAsItIs(String pause) throws IOException {
        applyPause(5, pause);

        byte[] json = holder.json(requireNonNull(holder.get()).withGroup("green"));

        assertThat(Json.mapper().readTree(json).get("pause"))
                .isEqualTo(Json.mapper().readTree(pause.replace('\'', '"')));
    }

    @Test
    void unknownFieldsOfAPauseAreIgnored() throws IOException {
        applyPause(5, "{'paused':false,'scope':{'live':true}}");

        assertThat(requireNonNull(holder.get()).pause()).isEqualTo(new Pause(false, null, null, null));
    }

    private void applyPause(long offset, String pause) throws IOException {
        String json = "{'revision':2,'apiHost':'host','pause':" + pause + "}";
        holder.apply(offset, json.replace('\'', '"').getBytes(UTF_8));
    }

    private void apply(long offset, LedgerControl control) throws IOException {
        holder.apply(offset, new ControlHolder().json(control));
    }
}
