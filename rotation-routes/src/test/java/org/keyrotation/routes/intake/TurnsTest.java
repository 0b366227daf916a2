package org.keyrotation.routes.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is next. */
class TurnsTest {

    private static final TopicPartition PARTITION = new TopicPartition(Slots.TOPIC, 0);

    private final Map<String, Duration> delays = new HashMap<>();
    private final Turns turns = new Turns(company -> delays.getOrDefault(company, Duration.ZERO), 3);
    private long offset;

    @Test
    void companiesTakeTurnsAndEachKeepsItsOrder() {
        add("Acme/1", "Acme/2", "Acme/3", "Other/1", "Third/1");

        assertThat(all()).containsExactly("Acme/1", "Other/1", "Third/1", "Acme/2", "Acme/3");
    }

    @Test
    void aCompanyThatIsPutOffHoldsUpNoOther() {
        delays.put("Acme", Duration.ofMillis(70));
        add("Acme/1", "Acme/2", "Other/1", null, "no company");

        assertThat(all()).containsExactlyInAnyOrder("Other/1", null, "no company");
    }

    @Test
    void itGoesOnWhenItsTimeHasCome() {
        delays.put("Acme", Duration.ofMillis(70));
        add("Acme/1", "Acme/2");
        assertThat(all()).isEmpty();

        delays.clear();

        assertThat(all()).containsExactly("Acme/1", "Acme/2");
    }

    @Test
    void theDelayIsThatOfTheCompanyWhoseTurnComesFirst() {
        delays.put("Acme", Duration.ofMillis(70));
        delays.put("Other", Duration.ofMillis(30));
        add("Acme/1", "Other/1");

        assertThat(turns.next()).isNull();

        assertThat(turns.delay()).isEqualTo(Duration.ofMillis(30));
    }

    @Test
    void thereIsNoDelayWhereNobodyWaits() {
        assertThat(turns.next()).isNull();
        assertThat(turns.delay()).isNull();

        add("Acme/1");
        assertThat(turns.next()).isNotNull();
        assertThat(turns.delay()).isNull();
    }

    @Test
    void whoeverComesWhenTooManyOfACompanyArePutOffIsCrowdedOut() {
        delays.put("Acme", Duration.ofMillis(70));
        add("Acme/1", "Acme/2", "Acme/3");
        assertThat(turns.next()).isNull();

        add("Acme/4", "Other/1");

        Slot first = turns.next();
        Slot second = turns.next();
        assertThat(List.of(taken(first), taken(second))).containsExactlyInAnyOrder("Acme/4 crowded out", "Other/1");
        assertThat(turns.next()).isNull();
    }

    @Test
    void nobodyIsCrowdedOutOfACompanyThatIsNotPutOff() {
        add("Acme/1", "Acme/2", "Acme/3", "Acme/4");

        assertThat(all()).containsExactly("Acme/1", "Acme/2", "Acme/3", "Acme/4");
    }

    private void add(@Nullable String... keys) {
        for (String key : keys) {
            turns.add(Slots.slot(PARTITION, offset++, key));
        }
    }

    private List<@Nullable String> all() {
        List<@Nullable String> all = new ArrayList<>();
        for (Slot slot = turns.next(); slot != null; slot = turns.next()) {
            all.add(taken(slot));
        }
        return all;
    }

    private static @Nullable String taken(@Nullable Slot slot) {
        Taken taken = requireNonNull(slot).taken();
        byte[] key = taken.message().key();
        return key == null ? null : new String(key, UTF_8) + (taken.isCrowdedOut() ? " crowded out" : "");
    }
}
