package org.keyrotation.routes.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaintenanceWindowTest {

    private static final ZoneId AMSTERDAM = ZoneId.of("Europe/Amsterdam");

    /** The day before 02:00 to 03:00 is skipped. */
    private static final Instant SPRING = Instant.parse("2027-03-27T00:00:00Z");

    /** The day before 02:00 to 03:00 is repeated. */
    private static final Instant AUTUMN = Instant.parse("2027-10-30T00:00:00Z");

    @Test
    void isOpenOnItsDaysBetweenItsTimesInItsZone() {
        MaintenanceWindow window = MaintenanceWindow.parse("Mon-Thu 08:00-16:00 Europe/Amsterdam");

        assertThat(window.isOpen(Instant.parse("2026-11-26T07:00:00Z"))).isTrue(); // a Thursday, in winter
        assertThat(window.isOpen(Instant.parse("2026-11-26T06:59:59.999Z"))).isFalse();
        assertThat(window.isOpen(Instant.parse("2026-11-26T14:59:59Z"))).isTrue();
        assertThat(window.isOpen(Instant.parse("2026-11-26T15:00:00Z"))).isFalse();
        assertThat(window.isOpen(Instant.parse("2026-11-27T09:00:00Z"))).isFalse();
        assertThat(window.isOpen(Instant.parse("2026-07-02T06:00:00Z"))).isTrue(); // a Thursday, in summer
        assertThat(window.nextOpening(Instant.parse("2026-11-26T15:00:00Z"))).isEqualTo("2026-11-30T07:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "Sat-Mon 08:00-16:00 UTC, 2026-11-28T08:00:00Z, true", // a Saturday
        "Sat-Mon 08:00-16:00 UTC, 2026-11-30T08:00:00Z, true",
        "Sat-Mon 08:00-16:00 UTC, 2026-12-01T08:00:00Z, false",
        "'mon,wed 08:00-16:00 UTC', 2026-12-02T08:00:00Z, true",
        "'mon,wed 08:00-16:00 UTC', 2026-12-01T08:00:00Z, false",
        "22:00-04:00 UTC, 2026-12-01T03:59:00Z, true",
        "Mon 22:00-04:00 UTC, 2026-12-01T03:59:00Z, true", // the night from Monday
        "Mon 22:00-04:00 UTC, 2026-11-30T03:59:00Z, false",
        "Fri 12:00-24:00 UTC, 2026-11-27T23:59:59Z, true",
        "Fri 12:00-24:00 UTC, 2026-11-28T00:00:00Z, false",
    })
    void daysMayBeListedOrWrapAroundTheWeekAndNightsBelongToTheDayOnWhichTheyStart(
            String text, Instant at, boolean open) {
        assertThat(MaintenanceWindow.parse(text).isOpen(at)).isEqualTo(open);
    }

    @Test
    void closedTimeDoesNotCount() {
        MaintenanceWindow window = MaintenanceWindow.parse("Mon-Thu 08:00-16:00 UTC");
        Instant thursdayAt14 = Instant.parse("2026-11-26T14:00:00Z");

        assertThat(window.plus(thursdayAt14, Duration.ofHours(1))).isEqualTo("2026-11-26T15:00:00Z");
        assertThat(window.plus(thursdayAt14, Duration.ofHours(2))).isEqualTo("2026-11-30T08:00:00Z");
        assertThat(window.plus(thursdayAt14, Duration.ofHours(11))).isEqualTo("2026-12-01T09:00:00Z");
        assertThat(window.openBetween(thursdayAt14, Instant.parse("2026-12-01T09:00:00Z")))
                .isEqualTo(Duration.ofHours(11));
        assertThat(window.openBetween(thursdayAt14, thursdayAt14)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00:00-06:00",
                "01:00-02:30",
                "01:30-03:00",
                "02:00-03:00",
                "02:00-02:45",
                "02:15-02:45",
                "02:30-05:00",
                "02:30-04:00",
                "22:00-02:30",
                "23:00-03:30"
            })
    void clockChangesNeverOpenItOutsideOfItsLocalTimes(String times) {
        MaintenanceWindow window = MaintenanceWindow.parse(times + " Europe/Amsterdam");

        assertThat(Stream.of(SPRING, AUTUMN)).allSatisfy(weekend -> {
            for (int minute = 0; minute < 48 * 60; minute++) {
                Instant at = weekend.plus(Duration.ofMinutes(minute));
                if (window.isOpen(at)) {
                    assertThat(isWithin(times, at)).as("%s", at).isTrue();
                }
                Instant due = window.plus(weekend, Duration.ofSeconds(minute * 13L));
                assertThat(window.isOpen(due) && isWithin(times, due))
                        .as("%s", due)
                        .isTrue();
                assertThat(window.openBetween(weekend, due)).isEqualTo(Duration.ofSeconds(minute * 13L));
            }
        });
    }

    @Test
    void skippedHourIsNotOpen() {
        MaintenanceWindow window = MaintenanceWindow.parse("02:15-02:45 Europe/Amsterdam");

        assertThat(window.nextOpening(Instant.parse("2027-03-28T00:00:00Z"))).isEqualTo("2027-03-29T00:15:00Z");
        assertThat(window.openBetween(SPRING, SPRING.plus(Duration.ofDays(3)))).isEqualTo(Duration.ofMinutes(60));
    }

    @Test
    void repeatedHourIsOpenOnce() {
        MaintenanceWindow window = MaintenanceWindow.parse("02:15-02:45 Europe/Amsterdam");

        assertThat(window.openBetween(AUTUMN, AUTUMN.plus(Duration.ofDays(3)))).isEqualTo(Duration.ofMinutes(90));
    }

    @Test
    void timeThatRunsBackwardsIsNoOpenTime() {
        MaintenanceWindow window = MaintenanceWindow.parse("Mon-Thu 08:00-16:00 UTC");
        Instant thursdayAt14 = Instant.parse("2026-11-26T14:00:00Z");

        assertThat(window.openBetween(thursdayAt14, thursdayAt14.minus(Duration.ofHours(1))))
                .isZero();
        assertThat(window.openBetween(thursdayAt14, thursdayAt14.minus(Duration.ofDays(1))))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "America/New_York", // 02:00
                "America/Santiago", // at midnight
                "America/Havana", // repeats midnight
                "Africa/Cairo", // on a Friday, at midnight
                "Asia/Beirut", // at midnight
                "Australia/Lord_Howe", // half an hour
                "Atlantic/Azores", // repeats midnight
                "Africa/Casablanca", // during Ramadan
                "America/Nuuk", // on a Saturday
                "Pacific/Chatham" // 02:45
            })
    void clockChangesOfAnyZoneNeverOpenItOutsideOfItsLocalTimes(String zone) {
        List<String> times =
                List.of("00:00-24:00", "00:15-00:45", "01:30-02:30", "02:50-02:55", "22:30-00:30", "23:00-02:15");
        List<Instant> changes = Stream.iterate(
                        Instant.parse("2027-01-01T00:00:00Z"),
                        at -> ZoneId.of(zone).getRules().nextTransition(at).getInstant())
                .skip(1)
                .limit(2)
                .toList();
        assertThat(times)
                .allSatisfy(text -> changes.forEach(change -> {
                    MaintenanceWindow window = MaintenanceWindow.parse(text + " " + zone);
                    Instant start = change.minus(Duration.ofDays(2));
                    Instant end = change.plus(Duration.ofDays(2));
                    Duration open = Duration.ZERO;
                    for (Instant at = start; at.isBefore(end); at = at.plus(Duration.ofMinutes(5))) {
                        if (window.isOpen(at)) {
                            open = open.plus(Duration.ofMinutes(5));
                            assertThat(isWithin(text, at, ZoneId.of(zone)))
                                    .as("%s", at)
                                    .isTrue();
                        }
                    }
                    assertThat(window.openBetween(start, end)).isEqualTo(open);
                    assertThat(open)
                            .isBetween(
                                    window.length().multipliedBy(3),
                                    window.length().multipliedBy(4).plusHours(1));
                }));
    }

    @Test
    void defaultWindowNeverCloses() {
        Instant at = Instant.parse("2026-12-31T23:59:59.999Z");

        assertThat(MaintenanceWindow.ALWAYS.isOpen(at)).isTrue();
        assertThat(MaintenanceWindow.ALWAYS.plus(at, Duration.ofDays(100))).isEqualTo(at.plus(Duration.ofDays(100)));
    }

    @Test
    void lengthIsThatOfADayWithoutAClockChange() {
        assertThat(MaintenanceWindow.parse("22:00-04:00 UTC").length()).isEqualTo(Duration.ofHours(6));
        assertThat(MaintenanceWindow.ALWAYS.length()).isEqualTo(Duration.ofDays(1));
        assertThat(DayOfWeek.from(SPRING.atZone(AMSTERDAM).plusDays(1))).isEqualTo(DayOfWeek.SUNDAY);
    }

    private static boolean isWithin(String times, Instant at) {
        return isWithin(times, at, AMSTERDAM);
    }

    private static boolean isWithin(String times, Instant at, ZoneId zone) {
        LocalTime opens = LocalTime.parse(times.substring(0, 5));
        LocalTime closes = LocalTime.parse(times.substring(6).replace("24:00", "00:00"));
        LocalTime local = ZonedDateTime.ofInstant(at, zone).toLocalTime();
        return opens.isBefore(closes)
                ? !local.isBefore(opens) && local.isBefore(closes)
                : !local.isBefore(opens) || local.isBefore(closes);
    }
}
