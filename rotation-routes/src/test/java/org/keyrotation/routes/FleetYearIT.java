package org.keyrotation.routes;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.MutableClock;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * One year of a fleet that three instances keep fresh. {@code -Dfleet.credentials} sets its size. The default of 330 makes
 * two pages of the listing for each company.
 */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class FleetYearIT {

    private static final List<String> COMPANIES = List.of("AcmeCorp", "OtherCorp", "ThirdCorp");
    private static final int CREDENTIALS = Integer.getInteger("fleet.credentials", 330);
    private static final Duration INTERVAL = Duration.ofDays(90);
    private static final Duration TICK = Duration.ofHours(2);
    private static final Duration SPREAD = Duration.ofHours(12);
    private static final ZoneId ZONE = ZoneId.of("Europe/Amsterdam");

    private SimulatedManagementApi api;
    private MutableClock clock;
    private TestTopics topics;
    private Instant newYear;

    @BeforeEach
    void setUp(SandboxBroker broker, SimulatedManagementApi fresh) {
        api = fresh;
        clock = fresh.clock();
        IntStream.range(0, CREDENTIALS)
                .forEach(number -> api.addCredential(COMPANIES.get(number % COMPANIES.size()), "S2-" + number));
        topics = TestTopics.of(broker, fresh)
                .with("rotation.schedule.enabled", "true")
                .with("rotation.schedule.companies", String.join(",", COMPANIES))
                .with("rotation.schedule.interval", INTERVAL.toString())
                .with("rotation.schedule.tick", TICK.toString())
                .with("rotation.schedule.spread", SPREAD.toString())
                .with("rotation.schedule.window", "Mon-Fri 06:00-22:00 " + ZONE);
        ZonedDateTime monday = clock.instant()
                .atZone(ZONE)
                .with(TemporalAdjusters.next(DayOfWeek.MONDAY))
                .with(LocalTime.of(5, 30));
        clock.advance(Duration.between(clock.instant(), monday.toInstant()));
        newYear = clock.instant();
    }

    @Test
    @Tag("I2")
    @Tag("I7")
    void eachCredentialIsRotatedFourTimesOncePerIntervalAndOnlyInTheWindow() {
        List<RunningRoutes> instances = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                instances.add(RunningRoutes.start(topics, clock).stopTimer());
            }
            tick(instances);
            while (clock.instant().isBefore(newYear.plus(Duration.ofDays(365)))) {
                clock.advance(untilTheNextEffectiveTick(instances.get(0)));
                tick(instances);
            }
        } finally {
            instances.forEach(RunningRoutes::close);
        }

        List<ClientKeyRotated> rotated = topics.rotated();
        Map<CredentialId, List<Instant>> times = rotated.stream()
                .collect(groupingBy(ClientKeyRotated::credential, collectingAndThen(toList(), all -> all.stream()
                        .map(ClientKeyRotated::generatedAt)
                        .sorted()
                        .toList())));
        assertThat(times).hasSize(CREDENTIALS);
        assertThat(times.values()).allSatisfy(year -> {
            assertThat(year).hasSize(4);
            assertThat(IntStream.range(1, 4))
                    .allMatch(
                            i -> Duration.between(year.get(i - 1), year.get(i)).compareTo(INTERVAL) >= 0);
        });
        assertThat(rotated).allMatch(key -> isInWindow(key.generatedAt()));
        assertThat(api.truth().totalGenerations()).isEqualTo(4 * CREDENTIALS);
        assertThat(topics.failed()).isEmpty();
        loads(rotated).values().forEach(FleetYearIT::isFlat);
    }

    /** Counts the rotations of each tick, by quarter of the year. */
    private Map<Long, Map<Long, Long>> loads(List<ClientKeyRotated> rotated) {
        return rotated.stream()
                .map(key -> Duration.between(newYear, key.generatedAt()))
                .collect(groupingBy(
                        age -> age.dividedBy(INTERVAL),
                        TreeMap::new,
                        groupingBy(age -> age.dividedBy(TICK), TreeMap::new, counting())));
    }

    /** Skips the first and the last tick, which may cover only a part of the spread. */
    private static void isFlat(Map<Long, Long> ticks) {
        Collection<Long> whole =
                ticks.values().stream().skip(1).limit(ticks.size() - 2L).toList();
        long perTick = CREDENTIALS * TICK.toHours() / SPREAD.toHours();
        assertThat(whole).hasSizeGreaterThanOrEqualTo(4).allSatisfy(load -> assertThat(load)
                .isBetween(perTick / 2, perTick * 2));
    }

    /** Skips ticks before the next due time: they make no requests. */
    private Duration untilTheNextEffectiveTick(RunningRoutes routes) {
        double nextDue = routes.meters()
                .get("rotation.schedule.next.due.timestamp")
                .gauge()
                .value();
        long ticks = Duration.between(clock.instant(), Instant.ofEpochSecond((long) nextDue))
                .dividedBy(TICK);
        long ticksLeft = Duration.between(clock.instant(), newYear.plus(Duration.ofDays(365)))
                        .dividedBy(TICK)
                + 1;
        return TICK.multipliedBy(Math.max(1, Math.min(ticks, ticksLeft)));
    }

    private static void tick(List<RunningRoutes> instances) {
        instances.parallelStream()
                .forEach(routes -> routes.template().sendBody("direct:rotation-request-due-at-tick", null));
        instances.get(0).awaitCommitted();
    }

    private static boolean isInWindow(Instant at) {
        ZonedDateTime local = at.atZone(ZONE);
        return local.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) <= 0
                && !local.toLocalTime().isBefore(LocalTime.of(6, 0))
                && local.toLocalTime().isBefore(LocalTime.of(22, 0));
    }
}
