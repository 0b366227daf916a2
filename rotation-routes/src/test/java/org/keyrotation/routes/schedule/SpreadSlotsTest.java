package org.keyrotation.routes.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.CredentialId;

class SpreadSlotsTest {

    private static final Instant READY = Instant.parse("2026-11-26T07:00:00Z");
    private static final Duration TICK = Duration.ofHours(1);
    private static final List<CredentialId> FLEET = IntStream.range(0, 5_000)
            .mapToObj(number -> new CredentialId("AcmeCorp", "S2-" + number))
            .toList();

    private final SpreadSlots slots = new SpreadSlots(MaintenanceWindow.ALWAYS, Duration.ofDays(1));

    @Test
    void credentialsThatAreReadyTogetherAreDueEvenlyOverTheSpread() {
        Map<Long, Long> hours = FLEET.stream()
                .map(credential -> Duration.between(READY, slots.first(credential, READY)))
                .collect(Collectors.groupingBy(Duration::toHours, Collectors.counting()));

        assertThat(hours).hasSize(24);
        assertThat(hours.values()).allSatisfy(SpreadSlotsTest::isFlat);
    }

    @Test
    void eachCredentialHasASlotWhenItIsDueAndOneInEachSpread() {
        assertThat(FLEET.subList(0, 100)).allSatisfy(credential -> {
            Instant dueAt = slots.first(credential, READY);
            assertThat(slots.hasSlotWithin(credential, READY, Duration.ZERO, dueAt))
                    .isTrue();
            assertThat(slots.hasSlotWithin(credential, READY, Duration.ofDays(1), dueAt.minusMillis(1)))
                    .isFalse();
            assertThat(slotsIn(credential, 10 * 24))
                    .hasSizeBetween(10, 11); // a slot at the end of an hour counts in both hours
        });
    }

    @Test
    void lookBackCountsOpenTimeOnly() {
        MaintenanceWindow window = MaintenanceWindow.parse("Mon-Thu 08:00-16:00 UTC");
        SpreadSlots inWindow = new SpreadSlots(window, Duration.ofHours(16));
        Instant monday = Instant.parse("2026-11-30T08:00:00Z");
        Instant tuesdayAt815 = monday.plus(Duration.ofMinutes(24 * 60 + 15));
        List<CredentialId> sinceMondayAt1515 = FLEET.stream()
                .filter(credential -> {
                    Duration offset = window.openBetween(monday, inWindow.first(credential, monday));
                    return offset.compareTo(Duration.ofMinutes(7 * 60 + 15)) > 0
                            && offset.compareTo(Duration.ofMinutes(8 * 60 + 15)) <= 0;
                })
                .toList();

        assertThat(sinceMondayAt1515)
                .isNotEmpty()
                .allMatch(credential -> inWindow.hasSlotWithin(credential, monday, TICK, tuesdayAt815));
    }

    @Test
    void overdueCredentialsAreSpreadOutAgainAfterALongStop() {
        Instant restart = READY.plus(Duration.ofDays(40)).plusSeconds(1234);
        Collection<Long> perTick = IntStream.range(0, 24)
                .mapToObj(tick -> restart.plus(TICK.multipliedBy(tick)))
                .map(tick -> FLEET.stream()
                        .filter(credential -> slots.hasSlotWithin(credential, READY, TICK, tick))
                        .count())
                .toList();

        assertThat(perTick).allSatisfy(SpreadSlotsTest::isFlat);
    }

    @Test
    void dailyStopAtTheSameHourMissesNoCredentialForLong() {
        List<CredentialId> neverServed = FLEET.subList(0, 500).stream()
                .filter(credential -> slotsIn(credential, 10 * 24).stream().allMatch(hour -> hour % 24 < 3))
                .toList();

        assertThat(neverServed).isEmpty();
    }

    @Test
    void slotsAreTheSameInEveryInstance() {
        SpreadSlots otherInstance = new SpreadSlots(MaintenanceWindow.ALWAYS, Duration.ofDays(1));

        assertThat(FLEET).allSatisfy(credential -> assertThat(otherInstance.first(credential, READY))
                .isEqualTo(slots.first(credential, READY)));
    }

    @Test
    void slotsAreInTheWindowAndEvenOverItsOpenTime() {
        MaintenanceWindow window = MaintenanceWindow.parse("Mon-Thu 08:00-16:00 Europe/Amsterdam");
        SpreadSlots inWindow = new SpreadSlots(window, Duration.ofHours(16));
        Instant friday = Instant.parse("2026-11-27T12:00:00Z");

        List<Instant> due = FLEET.stream()
                .map(credential -> inWindow.first(credential, friday))
                .toList();

        assertThat(due).allMatch(window::isOpen);
        Map<Long, Long> openHours = due.stream()
                .collect(Collectors.groupingBy(
                        at -> window.openBetween(friday, at).toHours(), Collectors.counting()));
        assertThat(openHours).hasSize(16);
        assertThat(openHours.values()).allSatisfy(count -> assertThat(count).isBetween(5_000L / 32, 5_000L / 8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2027-03-27T20:00:00Z", "2027-10-30T20:00:00Z"})
    void clockChangeInTheWindowNeitherSkipsNorRepeatsASlot(Instant evening) {
        MaintenanceWindow night = MaintenanceWindow.parse("23:00-05:00 Europe/Amsterdam");
        SpreadSlots inTheNight = new SpreadSlots(night, Duration.ofHours(12));
        Map<CredentialId, Long> served = IntStream.range(0, 60)
                .mapToObj(tick -> evening.plus(TICK.multipliedBy(tick)).plusSeconds(1800))
                .filter(night::isOpen)
                .flatMap(tick -> FLEET.stream()
                        .filter(credential -> {
                            Instant dueAt = inTheNight.first(credential, evening);
                            return !dueAt.isAfter(tick)
                                    && night.openBetween(dueAt, tick).compareTo(TICK) < 0;
                        })
                        .filter(credential -> inTheNight.hasSlotWithin(credential, evening, TICK, tick)))
                .collect(Collectors.groupingBy(credential -> credential, Collectors.counting()));

        assertThat(served).hasSize(FLEET.size()).allSatisfy((credential, ticks) -> assertThat(ticks)
                .isOne());
    }

    @Test
    void withoutASpreadCredentialsAreDueWhenTheyAreReady() {
        SpreadSlots atOnce = new SpreadSlots(MaintenanceWindow.ALWAYS, Duration.ZERO);

        assertThat(FLEET).allMatch(credential -> atOnce.first(credential, READY).equals(READY));
        assertThat(FLEET).allMatch(credential -> atOnce.hasSlotWithin(credential, READY, TICK, READY));
    }

    private List<Integer> slotsIn(CredentialId credential, int hours) {
        return IntStream.range(0, hours)
                .filter(hour -> slots.hasSlotWithin(credential, READY, TICK, READY.plus(TICK.multipliedBy(hour + 1L))))
                .boxed()
                .toList();
    }

    /** Accepts a factor of two around the mean. */
    private static void isFlat(long inAnHour) {
        assertThat(inAnHour).isBetween(5_000L / 48, 5_000L / 12);
    }
}
