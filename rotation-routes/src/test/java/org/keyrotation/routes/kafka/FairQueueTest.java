package org.keyrotation.routes.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whose record is next. */
class FairQueueTest {

    private final Map<String, Duration> delays = new HashMap<>();
    private final Set<String> settled = new HashSet<>();
    private int asked;
    private long now;
    private final FairQueue turns = new FairQueue(
            new TestStartPolicy(this::untilItMayBegin, taken -> !settled.contains(key(taken))), () -> now);
    private long offset;

    @Test
    void companiesTakeTurnsAndEachKeepsItsOrder() {
        add("Acme/1", "Acme/2", "Acme/3", "Other/1", "Third/1");

        assertThat(all()).containsExactly("Acme/1", "Other/1", "Third/1", "Acme/2", "Acme/3");
    }

    @Tag("I1")
    @Test
    @DisplayName("I1: a company whose records stay under way takes no more places than another")
    void theCompanyWithTheFewestUnderWayIsNext() {
        add("Acme/1", "Acme/2", "Acme/3", "Other/1", "Other/2", "Other/3");
        List<@Nullable String> begun = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            InFlightRecord next = requireNonNull(turns.poll());
            begun.add(key(next));
            if (next.flow().equals("Other")) {
                turns.release(next);
            }
        }

        assertThat(begun).containsExactly("Acme/1", "Other/1", "Other/2", "Other/3", "Acme/2");
    }

    @Test
    void whatHasEndedMakesRoomForItsCompanyAgain() {
        add("Acme/1", "Acme/2", "Other/1", "Other/2");
        InFlightRecord first = requireNonNull(turns.poll());
        InFlightRecord unused = turns.poll();

        turns.release(first);

        assertThat(all()).containsExactly("Acme/2", "Other/2");
    }

    @Test
    void aCompanyThatIsPutOffHoldsUpNoOther() {
        delays.put("Acme", Duration.ofMillis(70));
        add("Acme/1", "Acme/2", "Other/1", null, "no company");

        assertThat(all()).containsExactlyInAnyOrder("Other/1", null, "no company");
    }

    @Test
    void itGoesOnInItsOrderWhenItsTimeHasCome() {
        delays.put("Acme", Duration.ofMillis(70));
        add("Acme/1", "Acme/2");
        assertThat(all()).isEmpty();
        add("Acme/3");

        pass();

        assertThat(all()).containsExactly("Acme/1", "Acme/2", "Acme/3");
    }

    @Test
    void whatDoesNotCallTheApiIsNotPutOff() {
        delays.put("Acme", Duration.ofMillis(70));
        settled.addAll(Set.of("Acme/2", "Acme/4"));
        add("Acme/1", "Acme/2", "Acme/3", "Acme/4");

        assertThat(all()).containsExactly("Acme/2", "Acme/4");
        pass();
        assertThat(all()).containsExactly("Acme/1", "Acme/3");
    }

    @Test
    void theDelayIsThatOfTheCompanyWhoseTurnComesFirst() {
        delays.put("Acme", Duration.ofMillis(70));
        delays.put("Other", Duration.ofMillis(30));
        add("Acme/1", "Other/1");

        assertThat(turns.poll()).isNull();

        assertThat(turns.delay()).isEqualTo(Duration.ofMillis(30));
    }

    @Test
    void thereIsNoDelayWhereNobodyWaits() {
        assertThat(turns.poll()).isNull();
        assertThat(turns.delay()).isNull();

        add("Acme/1");
        assertThat(turns.poll()).isNotNull();
        assertThat(turns.delay()).isNull();
    }

    @Test
    void whatIsWithdrawnIsForgottenPutOffOrNot() {
        delays.put("Acme", Duration.ofMillis(70));
        List<InFlightRecord> slots = add("Acme/1", "Acme/2", "Acme/3", "Other/1");
        InFlightRecord unused = turns.poll();
        slots.get(0).revoke();
        slots.get(2).revoke();
        turns.removeRevoked();

        pass();

        assertThat(all()).containsExactly("Acme/2");
    }

    @Test
    void whoIsPutOffIsNotAskedForAgainBeforeItsTime() {
        for (int company = 0; company < 1_000; company++) {
            delays.put("Company" + company, Duration.ofMillis(70));
            add("Company" + company + "/1");
        }
        assertThat(turns.poll()).isNull();
        add("Other/1", "Other/2");
        asked = 0;

        assertThat(all()).containsExactly("Other/1", "Other/2");

        assertThat(asked).isEqualTo(2);
    }

    @Test
    void whatArrivesForACompanyThatIsPutOffIsLookedAtOnce() {
        delays.put("Acme", Duration.ofMillis(70));
        settled.add("Acme/2");
        add("Acme/1");
        assertThat(turns.poll()).isNull();

        add("Acme/2");

        assertThat(all()).containsExactly("Acme/2");
        assertThat(turns.delay()).isEqualTo(Duration.ofMillis(70));
    }

    private Duration untilItMayBegin(String company) {
        asked++;
        return delays.getOrDefault(company, Duration.ZERO);
    }

    private void pass() {
        delays.clear();
        now += Duration.ofSeconds(1).toNanos();
    }

    private List<InFlightRecord> add(@Nullable String... keys) {
        List<InFlightRecord> added = new ArrayList<>();
        for (String key : keys) {
            InFlightRecord slot = slot(key);
            turns.add(slot);
            added.add(slot);
        }
        return added;
    }

    private InFlightRecord slot(@Nullable String key) {
        byte[] bytes = key == null ? null : key.getBytes(UTF_8);
        GroupLease lifeline = new GroupLease(Duration.ofSeconds(45), () -> 0, () -> 0);
        return new InFlightRecord(
                new ConsumerRecord<>("rotation.requests", 0, offset++, bytes, new byte[0]),
                TestStartPolicy.group(bytes),
                1,
                1,
                lifeline);
    }

    private List<@Nullable String> all() {
        List<@Nullable String> all = new ArrayList<>();
        for (InFlightRecord slot = turns.poll(); slot != null; slot = turns.poll()) {
            all.add(key(slot));
        }
        return all;
    }

    private static @Nullable String key(InFlightRecord taken) {
        byte[] key = taken.consumerRecord().key();
        return key == null ? null : new String(key, UTF_8);
    }
}
