package org.keyrotation.routes.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
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
        LocalTime opens = LocalTime.parse(times.substring(0, 5));
        LocalTime closes = LocalTime.parse(times.substring(6));
        LocalTime local = ZonedDateTime.ofInstant(at, AMSTERDAM).toLocalTime();
        return opens.isBefore(closes)
                ? !local.isBefore(opens) && local.isBefore(closes)
                : !local.isBefore(opens) || local.isBefore(closes);
    }
}
