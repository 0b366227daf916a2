package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.DeadLetterChannelBuilder;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.PlannedRotation;
import org.keyrotation.model.PlannedRotation.State;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.MutableClock;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The schedule, on a clock that the test advances. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class ScheduleIT {

    private static final Duration INTERVAL = Duration.ofDays(90);

    private final SimulatedManagementApi api;
    private final MutableClock clock;
    private final TestTopics topics;

    ScheduleIT(SimulatedManagementApi api, TestTopics topics) {
        this.api = api;
        this.clock = api.clock();
        this.topics = topics.with("rotation.schedule.enabled", "true")
                .with("rotation.schedule.targets", "AcmeCorp/S2-1,OtherCorp/S2-2")
                .with("rotation.schedule.spread", "PT0S");
        api.addCredential("OtherCorp", "S2-2");
    }

    @Nested
    class Interval {

        @Test
        void credentialsAreRotatedAnIntervalAfterTheyWereFirstSeenAndThenEachInterval() {
            try (RunningRoutes routes = started()) {
                advance(routes, INTERVAL.minusMinutes(5));
                assertThat(api.truth().totalGenerations()).isZero();

                advance(routes, Duration.ofMinutes(10));
                assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));

                advance(routes, INTERVAL.minusMinutes(10));
                assertThat(api.truth().totalGenerations()).isEqualTo(2);

                advance(routes, Duration.ofMinutes(15));
                assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 2L, "OtherCorp/S2-2", 2L));
            }
        }

        @Test
        void requestsAreOrdinaryOnesMadeAtTheDueTimeAndKeyedByTheirCredential() {
            try (RunningRoutes routes = started()) {
                advance(routes, INTERVAL.plusHours(3));
            }

            assertThat(topics.records(topics.requestsTopic())).hasSize(2).allSatisfy(message -> {
                RotationRequest request = RotationRequest.read(message.value());
                assertThat(message.key())
                        .asString(UTF_8)
                        .isEqualTo(request.credential().toString());
                assertThat(request.force()).isFalse();
                assertThat(request.requestedBy()).isEqualTo("key-rotation");
                assertThat(request.requestedAt()).isBefore(clock.instant().minus(Duration.ofMinutes(170)));
            });
        }

        @Test
        @Tag("I7")
        void tenRestartsRotateNothing() {
            topics.with("rotation.schedule.companies", "AcmeCorp");

            for (int start = 0; start < 10; start++) {
                started().close();
                clock.advance(Duration.ofDays(8));
            }

            assertThat(topics.records(topics.requestsTopic())).isEmpty();
            assertThat(api.generateRequests()).isEmpty();
        }

        @Test
        @Tag("I2")
        void parallelInstancesMakeTheSameRequestsAndRotateOnce() {
            try (RunningRoutes one = started();
                    RunningRoutes two = started()) {
                clock.advance(INTERVAL.plusHours(1));
                tick(one);
                tick(two);
                two.awaitCommitted();
            }

            assertThat(topics.records(topics.requestsTopic())).hasSizeBetween(2, 4);
            assertThat(requests().stream().map(RotationRequest::requestId).distinct())
                    .hasSize(2);
            assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));
        }
    }

    @Nested
    class ClockJumps {

        @Test
        @Tag("I2")
        void clockThatJumpsADayBothWaysRotatesNoKeyEarlyOrTwice() {
            try (RunningRoutes routes = started()) {
                advance(routes, INTERVAL.minusDays(2));
                advance(routes, Duration.ofDays(1));
                advance(routes, Duration.ofDays(-1));
                assertThat(topics.records(topics.requestsTopic())).isEmpty();

                advance(routes, Duration.ofDays(2));
                advance(routes, Duration.ofDays(-1));
                advance(routes, Duration.ofDays(2));
                advance(routes, Duration.ofHours(1));
                assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));
                assertThat(topics.records(topics.requestsTopic())).hasSize(2);
            }
            assertThat(topics.failed()).isEmpty();
        }

        @Test
        void slotsOfTheTimeThatComesTwiceAreNotMissed() {
            IntStream.range(0, 40).forEach(number -> api.addCredential("BigCorp", "S2-" + number));
            topics.with("rotation.schedule.spread", "PT48H")
                    .with("rotation.schedule.tick", "PT12H")
                    .without("rotation.schedule.targets")
                    .with("rotation.schedule.companies", "BigCorp");

            try (RunningRoutes routes = started()) {
                advance(routes, INTERVAL);
                advance(routes, Duration.ofDays(2));
                advance(routes, Duration.ofHours(-36));
                IntStream.range(0, 3).forEach(tick -> advance(routes, Duration.ofHours(12)));
            }
            assertThat(rotations()).hasSize(40).allSatisfy((id, count) -> assertThat(count)
                    .isEqualTo(1));
        }

        @Test
        void keyThatLeaksAfterAClockWasSetBackIsRotated() {
            topics.with("rotation.schedule.first-rotation", "now");

            try (RunningRoutes routes = started()) {
                clock.advance(Duration.ofDays(1));
                tick(routes);
                routes.awaitCommitted();
                clock.advance(Duration.ofDays(-1));
                RotationOutcome unforced = routes.rotate(RotationRequest.of(new CredentialId("AcmeCorp", "S2-1")));
                RotationOutcome forced = routes.rotate(new RotationRequest(
                        null, "AcmeCorp", "S2-1", "suspected leak", "alice", clock.instant(), true));

                assertThat(unforced).isInstanceOf(RotationOutcome.Failed.class);
                assertThat(forced).isInstanceOf(RotationOutcome.Rotated.class);
            }
        }

        @Test
        @Tag("I4")
        void timesStayOnTheSafeSideWhileTheClockIsSetBackDuringACall() {
            topics.with("rotation.schedule.enabled", "false");
            Instant before = clock.instant();
            api.onRequest(request -> {
                if (request.uri().endsWith("/generateClientKey")) {
                    clock.advance(Duration.ofHours(-2));
                }
            });

            try (RunningRoutes routes = started()) {
                topics.request("S2-1");
                routes.awaitCommitted();
            }
            ClientKeyRotated event = topics.rotated().get(0);
            assertThat(event.usableFrom()).isAfterOrEqualTo(before.plus(Duration.ofMinutes(5)));
            assertThat(event.previousKeyExpiresAt()).isBefore(before.plus(Duration.ofHours(23)));
        }
    }

    @Nested
    class Spread {

        @Test
        @Tag("I7")
        void overdueFleetIsSpreadOutAfterALongStopAndRestarts(@TempDir Path directory) throws Exception {
            Path file = Files.writeString(directory.resolve("targets"), "no target\n");
            IntStream.range(0, 240).forEach(number -> api.addCredential("BigCorp", "S2-" + number));
            topics.with("rotation.schedule.spread", "PT24H")
                    .with("rotation.schedule.tick", "PT2H")
                    .with("rotation.schedule.targets", "file:" + file)
                    .with("rotation.schedule.companies", "BigCorp");
            started().close();
            clock.advance(INTERVAL.plusDays(40));

            for (int start = 0; start < 4; start++) {
                try (RunningRoutes routes = started()) {
                    routes.awaitCommitted();
                }
            }
            assertThat(rotations().size())
                    .as("in one tick, however often it starts")
                    .isBetween(10, 40);

            try (RunningRoutes routes = started()) {
                for (int tick = 1; tick < 12; tick++) {
                    int before = rotations().size();
                    advance(routes, Duration.ofHours(2));
                    assertThat(rotations().size() - before).isLessThanOrEqualTo(40);
                }
                assertThat(rotations().values()).hasSizeGreaterThan(200).containsOnly(1L);
                assertThat(gauge(routes, "problems")).isEqualTo(1);
            }
        }

        @Test
        void failedRequestsAreRepeatedDailyWhateverTheSpread() {
            api.faults().failWhile(() -> true, Fault.status(403));
            topics.with("rotation.schedule.spread", "PT72H").with("rotation.schedule.tick", "PT6H");

            try (RunningRoutes routes = started()) {
                clock.advance(INTERVAL);
                IntStream.range(0, 24).forEach(tick -> advance(routes, Duration.ofHours(6)));
            }
            assertThat(topics.failed().stream()
                            .map(RotationFailed::credential)
                            .collect(groupingBy(id -> id, counting())))
                    .hasSize(2)
                    .allSatisfy((id, failures) -> assertThat(failures).isBetween(3L, 6L));
        }
    }

    @Nested
    class Window {

        @Test
        void closedWindowHoldsBackDueRequests() {
            topics.with("rotation.schedule.window", "Mon-Fri 08:00-16:00 UTC");

            try (RunningRoutes routes = started()) {
                advanceToNext(routes, DayOfWeek.SATURDAY, 12);
                clock.advance(Duration.ofDays(7 * 13)); // due since a Saturday at the latest
                advance(routes, Duration.ZERO);
                assertThat(count(plan(routes), State.WINDOW_CLOSED)).isEqualTo(2);
                advance(routes, Duration.ofHours(43)); // Monday, 07:00
                assertThat(api.truth().totalGenerations()).isZero();

                advance(routes, Duration.ofHours(2));
                assertThat(api.truth().totalGenerations()).isEqualTo(2);
            }
        }
    }

    @Nested
    class OutsideTheWindow {

        @Test
        void credentialWhoseIntervalEndsWhileTheWindowIsClosedIsNotTooYoung() {
            topics.with("rotation.schedule.window", "Mon-Fri 08:00-16:00 UTC");
            clock.advance(untilNext(DayOfWeek.SUNDAY, 12)); // 90 days before a Saturday

            try (RunningRoutes routes = started()) {
                clock.advance(INTERVAL.plusHours(1));

                assertThat(plan(routes).rotations())
                        .hasSize(2)
                        .allSatisfy(planned -> assertThat(planned.state()).isEqualTo(State.WINDOW_CLOSED))
                        .allSatisfy(planned -> assertThat(planned.detail()).contains("the window is closed until 20"));
            }
        }
    }

    @Nested
    class Exclusions {

        @Test
        void excludedAndInactiveCredentialsOfACompanyAreNotRotated() {
            IntStream.range(0, 230).forEach(number -> api.addCredential("BigCorp", "S2-%03d".formatted(number)));
            api.setActive("BigCorp", "S2-150", false);
            topics.without("rotation.schedule.targets")
                    .with("rotation.schedule.companies", "BigCorp")
                    .with("rotation.schedule.exclude", "S2-007,BigCorp/S2-01*,*-22[0-4]")
                    .with("rotation.schedule.first-rotation", "now");

            try (RunningRoutes routes = started()) {
                advance(routes, Duration.ofMinutes(1));
                RotationPlan plan = plan(routes);

                assertThat(count(plan, State.EXCLUDED)).isEqualTo(1 + 10 + 5);
                assertThat(count(plan, State.INACTIVE)).isEqualTo(1);
            }
            assertThat(rotations()).hasSize(230 - 16 - 1).allSatisfy((id, count) -> assertThat(count)
                    .isEqualTo(1));
            assertThat(topics.failed()).isEmpty();
        }

        @Test
        @ResourceLock("logs")
        void unmatchedExclusionIsLoggedOnce() {
            topics.with("rotation.schedule.exclude", "acmecorp/*");

            try (RecordedLogs logs = RecordedLogs.at(Map.of("org.keyrotation", Level.WARN));
                    RunningRoutes routes = started()) {
                advance(routes, Duration.ofHours(1));

                assertThat(logs.lines())
                        .filteredOn(line -> line.contains("'acmecorp/*' matches none of the 2 credentials"))
                        .hasSize(1);
            }
        }
    }

    @Nested
    class Companies {

        @Test
        void failedPageIsReadAgainAndUnlistableCompanyKeepsItsCredentials() {
            topics.without("rotation.schedule.targets").with("rotation.schedule.companies", "AcmeCorp");

            try (RunningRoutes routes = started()) {
                clock.advance(INTERVAL.plusHours(1));
                api.faults().failNextReads(Fault.status(503), Fault.truncated());
                assertThat(plan(routes).problems()).isEmpty();
                api.hideCompany("AcmeCorp");
                tick(routes);
                assertThat(gauge(routes, "credentials")).isEqualTo(1);
                assertThat(gauge(routes, "due")).isEqualTo(1);
                assertThat(gauge(routes, "problems")).isEqualTo(1);
            }
        }

        @Test
        @ResourceLock("logs")
        void unlistableCompanyIsReportedAndTheOthersAreRotated() {
            api.hideCompany("OtherCorp");
            topics.without("rotation.schedule.targets")
                    .with("rotation.schedule.companies", "OtherCorp,AcmeCorp")
                    .with("rotation.schedule.first-rotation", "now");

            try (RecordedLogs logs = RecordedLogs.at(Map.of("org.keyrotation", Level.WARN));
                    RunningRoutes routes = started()) {
                advance(routes, Duration.ofMinutes(1));

                assertThat(String.join("\n", logs.lines()))
                        .contains("Cannot list the credentials of company OtherCorp: The API answered 403");
            }
            assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L));
        }

        @Test
        void listingThatChangesBetweenItsPagesMissesNoCredential() {
            IntStream.range(0, 250).forEach(number -> api.addCredential("BigCorp", "S2-%03d".formatted(number)));
            topics.without("rotation.schedule.targets").with("rotation.schedule.companies", "BigCorp");
            AtomicBoolean changeNext = new AtomicBoolean();
            api.onRequest(request -> {
                if (request.uri().contains("pageNumber=1&") && changeNext.compareAndSet(true, false)) {
                    api.removeCredential("BigCorp", "S2-000");
                    api.addCredential("BigCorp", "S2-999");
                }
            });

            try (RunningRoutes routes = started()) {
                changeNext.set(true);
                List<String> seen = plan(routes).rotations().stream()
                        .map(planned -> planned.credential().apiCredentialId())
                        .toList();

                assertThat(changeNext).isFalse();
                assertThat(seen)
                        .doesNotHaveDuplicates()
                        .contains("S2-100", "S2-999")
                        .doesNotContain("S2-000")
                        .hasSize(250);
            }
        }
    }

    @Nested
    class Targets {

        @Test
        @ResourceLock("logs")
        void targetFileIsReadEachTickAndInvalidLinesAreReportedWithTheirNumber(@TempDir Path directory)
                throws Exception {
            Path file = Files.writeString(directory.resolve("targets"), "# ours\nAcmeCorp/S2-1\n\nno target\n");
            topics.with("rotation.schedule.targets", "file:" + file).with("rotation.schedule.first-rotation", "now");

            try (RecordedLogs logs = RecordedLogs.at(Map.of("org.keyrotation", Level.WARN));
                    RunningRoutes routes = started()) {
                advance(routes, Duration.ofMinutes(1));
                assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L));
                assertThat(String.join("\n", logs.lines()))
                        .contains(file + ", line 4: invalid target 'no target', expected companyId/apiCredentialId");

                Files.writeString(file, "AcmeCorp/S2-1\n  OtherCorp/S2-2 \n");
                advance(routes, Duration.ofMinutes(1));
                assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));

                Files.delete(file);
                assertThat(plan(routes).rotations()).hasSize(2);
                assertThat(plan(routes).problems()).singleElement().asString().contains(file + " cannot be read");
            }
        }

        @Test
        void errorThatIsNotTheApisHidesNoCredential() {
            try (RunningRoutes routes = started()) {
                api.faults().failNextReads("OtherCorp", "S2-2", Fault.html(404));
                advance(routes, INTERVAL.plusHours(1));
            }

            assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));
        }

        @Test
        void errorPagesForSomeCredentialsHideNoOtherOfTheirCompany() {
            List<String> ids =
                    IntStream.range(0, 20).mapToObj(number -> "S2-" + number).toList();
            ids.forEach(id -> api.addCredential("PageCorp", id));
            Fault page = Fault.html(403);
            ids.subList(0, 19).forEach(id -> api.faults().failNextReads("PageCorp", id, page, page, page));
            topics.with("rotation.schedule.enabled", "false")
                    .with("rotation.schedule.targets", "PageCorp/" + String.join(",PageCorp/", ids));

            try (RunningRoutes routes = started()) {
                assertThat(plan(routes).problems())
                        .singleElement()
                        .asString()
                        .matches("Cannot read S2-\\d+ and 18 more of company PageCorp: .*403 with an HTML page.*");
            }
        }

        @Test
        void listedCredentialWithoutAKeyGetsItsFirst() {
            api.addCredentialWithoutKey("NewCorp", "S2-1");
            topics.without("rotation.schedule.targets").with("rotation.schedule.companies", "NewCorp");

            try (RunningRoutes routes = started()) {
                advance(routes, INTERVAL.plusHours(1));
            }

            assertThat(rotations()).isEqualTo(Map.of("NewCorp/S2-1", 1L));
        }

        @Test
        void inactiveAndMissingCredentialsDropOutWithoutAFailure() {
            api.addCredential("AcmeCorp", "S2-3");
            topics.with("rotation.schedule.companies", "AcmeCorp")
                    .with("rotation.schedule.targets", "OtherCorp/S2-2,OtherCorp/S2-9");

            try (RunningRoutes routes = started()) {
                api.setActive("AcmeCorp", "S2-1", false);
                api.removeCredential("AcmeCorp", "S2-3");
                api.setActive("OtherCorp", "S2-2", false);
                advance(routes, INTERVAL.plusHours(1));
                advance(routes, Duration.ofDays(3));

                assertThat(gauge(routes, "due")).isZero();
                api.setActive("AcmeCorp", "S2-1", true);
                advance(routes, Duration.ofDays(1));
            }
            assertThat(topics.failed()).isEmpty();
            assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L));
        }

        @Test
        @ResourceLock("logs")
        void missingTargetIsLoggedOnceAndLeavesNoLedgerEntry() {
            topics.with("rotation.schedule.targets", "OtherCorp/S2-missing");

            try (RecordedLogs logs = RecordedLogs.at(Map.of("org.keyrotation", Level.WARN));
                    RunningRoutes routes = started()) {
                advance(routes, Duration.ofHours(1));

                assertThat(logs.lines())
                        .filteredOn(
                                line -> line.contains("Target OtherCorp/S2-missing: the API does not know it (404)"))
                        .hasSize(1);
            }
            assertThat(topics.records(topics.ledgerTopic())).isEmpty();
        }

        @Test
        void namedCredentialsAreReadDespiteTheRateLimitOfTheirCompany() {
            List<String> ids =
                    IntStream.range(0, 14).mapToObj(number -> "S2-" + number).toList();
            ids.forEach(id -> api.addCredential("SlowCorp", id));
            ids.stream().skip(12).forEach(id -> api.setActive("SlowCorp", id, false));
            topics.with("rotation.schedule.enabled", "false")
                    .with("rotation.schedule.first-rotation", "now")
                    .with("rotation.schedule.targets", "SlowCorp/" + String.join(",SlowCorp/", ids))
                    .with("rotation.api.requests-per-second", "2");

            try (RunningRoutes routes = started()) {
                RotationPlan plan = plan(routes);
                assertThat(count(plan, State.INACTIVE)).isEqualTo(2);
                assertThat(plan.problems()).isEmpty();
            }
        }
    }

    @Nested
    class Failures {

        @Test
        void failedRequestIsRepeatedTheNextDay() {
            api.faults().failNext("OtherCorp", "S2-2", Fault.status(403), Fault.status(403));

            try (RunningRoutes routes = started()) {
                advance(routes, INTERVAL.plusHours(1));
                advance(routes, Duration.ofHours(12));
                assertThat(topics.failed()).extracting(RotationFailed::code).containsExactly(FailureCode.FORBIDDEN);
                assertThat(plan(routes).rotations())
                        .filteredOn(planned -> planned.state() == State.FAILED)
                        .singleElement()
                        .satisfies(planned -> assertThat(planned.detail()).contains("the last request failed"));

                advance(routes, Duration.ofHours(12));
                assertThat(topics.failed()).hasSize(2);
                advance(routes, Duration.ofHours(24));
            }
            assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));
        }

        @Test
        @Tag("I1")
        void failedTickIsMadeUpForByTheNextWhateverTheErrorHandlerOfTheHost() throws Exception {
            AtomicInteger failures = new AtomicInteger(2);
            RunningRoutes routes = RunningRoutes.unstarted(topics);
            routes.context()
                    .getCamelContextExtension()
                    .setErrorHandlerFactory(new DeadLetterChannelBuilder("log:dead-letters"));
            try (routes) {
                routes.start(new RotationRoutes(topics.settings()).clock(clock)).stopTimer();
                tick(routes);
                AdviceWith.adviceWith(routes.context(), "rotation-send-request", advice -> advice.weaveAddFirst()
                        .process(exchange -> {
                            if (failures.getAndDecrement() > 0) {
                                throw new IllegalStateException("planted");
                            }
                        }));
                advance(routes, INTERVAL.plusMinutes(5));
                advance(routes, Duration.ofHours(1));
                assertThat(topics.records(topics.requestsTopic())).isEmpty();

                advance(routes, Duration.ofHours(1));
            }

            assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));
        }
    }

    @Nested
    class Pause {

        @Test
        void pausedScheduleMakesNoRequestsWhileOthersAreHandled() {
            topics.with("rotation.schedule.paused", "true");

            try (RunningRoutes routes = started()) {
                advance(routes, INTERVAL.plusHours(1));
                assertThat(count(plan(routes), State.PAUSED)).isEqualTo(2);
                assertThat(gauge(routes, "paused")).isEqualTo(1);
                assertThat(gauge(routes, "due")).isEqualTo(2);
                topics.request("S2-1");
                routes.awaitCommitted();
                assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L));

                setPaused(routes, false);
                advance(routes, Duration.ofHours(1));
                assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));
                assertThat(gauge(routes, "paused")).isZero();
            }
        }

        @Test
        void pauseInTheLedgerHoldsForEveryInstanceAndAfterARestartUntilItEnds() {
            Instant until = clock.instant().plus(INTERVAL).plusSeconds(7200);
            try (RunningRoutes one = started();
                    RunningRoutes two = started()) {
                topics.sendPause(true, until);
                clock.advance(INTERVAL.plusHours(1));
                tick(one);
                tick(two);
                assertThat(plan(two).rotations()).hasSize(2).allSatisfy(planned -> {
                    assertThat(planned.state()).isEqualTo(State.PAUSED);
                    assertThat(planned.detail())
                            .isEqualTo("the schedule is paused by alice until %s, resume it with key-rotation resume"
                                    .formatted(until.truncatedTo(ChronoUnit.SECONDS)));
                });
                assertThat(gauge(one, "paused")).isEqualTo(1);
                topics.request("S2-1");
                one.awaitCommitted();
            }
            try (RunningRoutes restarted = started()) {
                assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L));

                advance(restarted, Duration.ofHours(1));
                assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));
                assertThat(gauge(restarted, "paused")).isZero();
            }
        }

        @Test
        @ResourceLock("logs")
        void resumeInTheLedgerEndsThePauseWhichIsLoggedOnce() {
            try (RecordedLogs logs = RecordedLogs.at(Map.of("org.keyrotation", Level.INFO));
                    RunningRoutes routes = started()) {
                topics.sendPause(true, null);
                advance(routes, INTERVAL.plusHours(1));
                advance(routes, Duration.ofHours(1));
                assertThat(api.generateRequests()).isEmpty();

                topics.sendPause(false, null);
                advance(routes, Duration.ofHours(1));
                assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));
                advance(routes, Duration.ofHours(1));

                assertThat(logs.lines())
                        .filteredOn(line -> line.contains("the schedule is paused by alice, resume it with"))
                        .hasSize(1);
                assertThat(logs.lines()).anyMatch(line -> line.contains("The schedule is resumed"));
            }
        }

        @Test
        void resumeInTheLedgerLeavesTheInstancesOwnPause() {
            topics.with("rotation.schedule.paused", "true");

            try (RunningRoutes routes = started()) {
                topics.sendPause(false, null);
                advance(routes, INTERVAL.plusHours(1));

                assertThat(plan(routes).rotations()).hasSize(2).allSatisfy(planned -> assertThat(planned.detail())
                        .isEqualTo("the schedule of this instance is paused (rotation.schedule.paused, or by JMX)"));
                assertThat(gauge(routes, "paused")).isEqualTo(1);
            }
            assertThat(api.generateRequests()).isEmpty();
        }

        @Test
        void dueRotationsOnDemandKeepToThePauseInTheLedger() {
            topics.with("rotation.schedule.enabled", "false").with("rotation.schedule.first-rotation", "now");

            try (RunningRoutes routes = started()) {
                routes.awaitIntake();
                topics.sendPause(true, null);
                RotationPlan plan = routes.template()
                        .requestBody(RotationRoutes.REQUEST_DUE_CLIENT_KEY_ROTATIONS, null, RotationPlan.class);

                assertThat(count(plan, State.PAUSED)).isEqualTo(2);
            }
            assertThat(topics.records(topics.requestsTopic())).isEmpty();
        }
    }

    @Nested
    class OnDemand {

        @Test
        void planShowsWhatIsDueAndWritesNothing() {
            try (RunningRoutes routes = started()) {
                clock.advance(INTERVAL.plusHours(1));
                api.addCredential("OtherCorp", "S2-3");
                int ledger = topics.records(topics.ledgerTopic()).size();

                assertThat(plan(routes).due())
                        .extracting(planned -> planned.credential().toString())
                        .containsExactlyInAnyOrder("AcmeCorp/S2-1", "OtherCorp/S2-2");
                assertThat(plan(routes)).isEqualTo(plan(routes));
                assertThat(topics.records(topics.ledgerTopic())).hasSize(ledger);
            }
            assertThat(topics.records(topics.requestsTopic())).isEmpty();
            assertThat(api.generateRequests()).isEmpty();
        }

        @Test
        void planTellsUnknownInactiveAndNeverSeenCredentialsFromThoseThatAreTooYoung() {
            topics.with("rotation.schedule.targets", "AcmeCorp/S2-1,AcmeCorp/S2-4,OtherCorp/S2-9")
                    .with("rotation.schedule.companies", "OtherCorp");
            api.addCredential("AcmeCorp", "S2-4");
            api.addCredential("OtherCorp", "S2-5");
            api.setActive("AcmeCorp", "S2-4", false);
            api.setActive("OtherCorp", "S2-5", false);

            try (RunningRoutes routes = started()) {
                api.addCredential("OtherCorp", "S2-3");
                RotationPlan plan = plan(routes);

                assertThat(plan.problems()).isEmpty();
                assertThat(plan.rotations().stream()
                                .collect(toMap(planned -> planned.credential().toString(), PlannedRotation::state)))
                        .isEqualTo(Map.of(
                                "AcmeCorp/S2-1", State.TOO_YOUNG,
                                "AcmeCorp/S2-4", State.INACTIVE,
                                "OtherCorp/S2-2", State.TOO_YOUNG,
                                "OtherCorp/S2-3", State.NEVER_SEEN,
                                "OtherCorp/S2-5", State.INACTIVE,
                                "OtherCorp/S2-9", State.UNKNOWN));
                assertThat(plan.needingAttention())
                        .as("the named ones")
                        .extracting(planned -> planned.credential().toString())
                        .containsExactlyInAnyOrder("AcmeCorp/S2-4", "OtherCorp/S2-9");
            }
        }

        @Test
        void planThatLearnsNothingOfItsTargetsHasProblems() {
            topics.with("rotation.schedule.targets", "AcmeCorp/S2-1,AcmeCorp/S2-4")
                    .with("rotation.schedule.companies", "EmptyCorp");

            try (RunningRoutes routes = started()) {
                api.faults().failEverything(Fault.status(401));
                assertThat(plan(routes).problems())
                        .satisfiesExactly(
                                company -> assertThat(company)
                                        .startsWith("Cannot list the credentials of company EmptyCorp: ")
                                        .contains("401"),
                                named -> assertThat(named)
                                        .matches("Cannot read S2-\\d and 1 more of company AcmeCorp: .*401.*"));

                api.faults().noMoreFaults();
                assertThat(plan(routes).problems())
                        .containsExactly(
                                "The API lists no credentials of company EmptyCorp (rotation.schedule.companies)");
            }
        }

        @Test
        void apiPathThatAnswers404ToEverythingIsNeverAPlanWithoutAFinding() {
            try (RunningRoutes routes = started()) {
                api.faults().failEverything(Fault.status(404));
                assertThat(plan(routes).needingAttention()).hasSize(2);

                api.faults().noMoreFaults();
                api.faults().failEverything(Fault.html(404));
                RotationPlan plan = plan(routes);
                assertThat(plan.needingAttention().size() + plan.problems().size())
                        .isEqualTo(2);
            }
        }

        @Test
        void dueRotationsAreRequestedAndLookedUpWithoutATimer() {
            topics.with("rotation.schedule.enabled", "false").with("rotation.schedule.first-rotation", "now");
            api.faults().failNext("OtherCorp", "S2-2", Fault.status(403));

            try (RunningRoutes routes = started()) {
                RotationPlan plan = routes.template()
                        .requestBody(RotationRoutes.REQUEST_DUE_CLIENT_KEY_ROTATIONS, null, RotationPlan.class);
                routes.awaitCommitted();

                assertThat(plan.requests())
                        .extracting(request -> routes.template()
                                .requestBody(RotationRoutes.LOOK_UP_CLIENT_KEY_ROTATION, request, RequestState.class))
                        .containsExactlyInAnyOrder(RequestState.ROTATED, RequestState.FAILED);
                RotationRequest earlier = RotationRequest.of(new CredentialId("AcmeCorp", "S2-1"))
                        .completed("earlier", clock.instant().minus(Duration.ofDays(1)));
                assertThat(routes.template()
                                .requestBody(RotationRoutes.LOOK_UP_CLIENT_KEY_ROTATION, earlier, RequestState.class))
                        .isEqualTo(RequestState.SATISFIED);
            }
        }
    }

    @Nested
    class Gauges {

        @Test
        void gaugesShowWhatIsDueAndWhatComesNext() {
            try (RunningRoutes routes = started()) {
                assertThat(gauge(routes, "credentials")).isEqualTo(2);
                assertThat(gauge(routes, "next.due.timestamp")).isBetween(seconds(INTERVAL) - 60, seconds(INTERVAL));

                setPaused(routes, true);
                advance(routes, INTERVAL.plusHours(1));
                assertThat(gauge(routes, "due")).isEqualTo(2);
                assertThat(gauge(routes, "overdue")).isZero();
                advance(routes, Duration.ofDays(2));
                assertThat(gauge(routes, "overdue")).isEqualTo(2);
                assertThat(gauge(routes, "oldest.key.age")).isBetween(92.0 * 24 * 3600, 92.0 * 24 * 3600 + 2 * 3600);
            }
        }
    }

    /** Starts the routes and runs a first tick. */
    private RunningRoutes started() {
        RunningRoutes routes = RunningRoutes.start(topics, clock).awaitIntake();
        if (topics.settings().schedule().enabled()) {
            routes.stopTimer();
        }
        tick(routes);
        return routes;
    }

    private void advance(RunningRoutes routes, Duration time) {
        clock.advance(time);
        tick(routes);
        routes.awaitCommitted();
    }

    private void tick(RunningRoutes routes) {
        if (topics.settings().schedule().enabled()) {
            routes.template().sendBody("direct:rotation-request-due-at-tick", null);
        }
    }

    private void advanceToNext(RunningRoutes routes, DayOfWeek day, int hour) {
        advance(routes, untilNext(day, hour));
    }

    private Duration untilNext(DayOfWeek day, int hour) {
        ZonedDateTime now = clock.instant().atZone(ZoneOffset.UTC);
        return Duration.between(now, now.with(TemporalAdjusters.next(day)).withHour(hour));
    }

    private static RotationPlan plan(RunningRoutes routes) {
        return routes.template().requestBody(RotationRoutes.PLAN_CLIENT_KEY_ROTATIONS, null, RotationPlan.class);
    }

    private static long count(RotationPlan plan, State state) {
        return plan.rotations().stream()
                .map(PlannedRotation::state)
                .filter(state::equals)
                .count();
    }

    private static double gauge(RunningRoutes routes, String name) {
        return routes.meters().get("rotation.schedule." + name).gauge().value();
    }

    private static void setPaused(RunningRoutes routes, boolean paused) {
        try {
            ObjectName name = new ObjectName("org.keyrotation:type=Schedule,context="
                    + ObjectName.quote(routes.context().getName()));
            ManagementFactory.getPlatformMBeanServer().setAttribute(name, new Attribute("Paused", paused));
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, Long> rotations() {
        return topics.rotated().stream()
                .map(ClientKeyRotated::credential)
                .collect(groupingBy(CredentialId::toString, counting()));
    }

    private List<RotationRequest> requests() {
        return topics.records(topics.requestsTopic()).stream()
                .map(message -> RotationRequest.read(message.value()))
                .toList();
    }

    /** Returns the Unix time after this duration. */
    private double seconds(Duration fromNow) {
        return clock.instant().plus(fromNow).toEpochMilli() / 1000.0;
    }
}
