package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
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
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** A fleet that keeps itself fresh, on a clock that the test moves. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class ScheduleIT {

    private static final Duration INTERVAL = Duration.ofDays(90);

    private SimulatedManagementApi api;
    private MutableClock clock;
    private TestTopics lane;

    @BeforeEach
    void openALane(SandboxBroker broker, SimulatedManagementApi fresh) {
        api = fresh;
        clock = fresh.clock();
        api.addCredential("AcmeCorp", "S2-1");
        api.addCredential("OtherCorp", "S2-2");
        lane = TestTopics.of(broker, fresh)
                .with("rotation.schedule.enabled", "true")
                .with("rotation.schedule.targets", "AcmeCorp/S2-1,OtherCorp/S2-2")
                .with("rotation.schedule.spread", "PT0S");
    }

    @Test
    void aCredentialIsRotatedAnIntervalAfterItWasFirstSeenAndAnIntervalAfterThat() {
        try (RunningRoutes routes = started()) {
            pass(routes, INTERVAL.minusMinutes(5));
            assertThat(api.truth().totalGenerations()).isZero();

            pass(routes, Duration.ofMinutes(10));
            assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));

            pass(routes, INTERVAL.minusMinutes(10));
            assertThat(api.truth().totalGenerations()).isEqualTo(2);

            pass(routes, Duration.ofMinutes(15));
            assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 2L, "OtherCorp/S2-2", 2L));
        }
    }

    @Test
    void itsRequestIsAnOrdinaryOneMadeAtTheDueTimeAndKeyedByItsCredential() {
        try (RunningRoutes routes = started()) {
            pass(routes, INTERVAL.plusHours(3));
        }

        assertThat(lane.records(lane.requestsTopic())).hasSize(2).allSatisfy(message -> {
            RotationRequest request = RotationRequest.read(message.value());
            assertThat(message.key())
                    .asString(UTF_8)
                    .isEqualTo(request.credential().toString());
            assertThat(request.force()).isFalse();
            assertThat(request.requestedBy()).isEqualTo("key-rotation");
            assertThat(request.requestedAt()).isBefore(clock.instant().minus(Duration.ofMinutes(170)));
        });
    }

    @Tag("I7")
    @Test
    @DisplayName("I7: starting and restarting ten times rotates nothing")
    void startingAndRestartingTenTimesRotatesNothing() {
        lane.with("rotation.schedule.companies", "AcmeCorp");

        for (int start = 0; start < 10; start++) {
            started().close();
            clock.advance(Duration.ofDays(8));
        }

        assertThat(lane.records(lane.requestsTopic())).isEmpty();
        assertThat(api.generateRequests()).isEmpty();
    }

    @Tag("I7")
    @Test
    @DisplayName("I7: after a long stop an overdue fleet is spread out, whatever restarts, and with a bad line")
    void afterALongStopAnOverdueFleetIsSpreadOut(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("targets"), "no target\n");
        IntStream.range(0, 240).forEach(number -> api.addCredential("BigCorp", "S2-" + number));
        lane.with("rotation.schedule.spread", "PT24H")
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
                pass(routes, Duration.ofHours(2));
                assertThat(rotations().size() - before).isLessThanOrEqualTo(40);
            }
            assertThat(rotations().values()).hasSizeGreaterThan(200).containsOnly(1L);
            assertThat(gauge(routes, "problems")).isEqualTo(1);
        }
    }

    @Test
    void aRequestThatFailedIsMadeAgainTheNextDayWhereThereIsASpreadToo() {
        api.faults().failWhile(() -> true, Fault.status(403));
        lane.with("rotation.schedule.spread", "PT72H").with("rotation.schedule.tick", "PT6H");

        try (RunningRoutes routes = started()) {
            clock.advance(INTERVAL);
            IntStream.range(0, 24).forEach(tick -> pass(routes, Duration.ofHours(6)));
        }
        assertThat(lane.failed().stream().map(RotationFailed::credential).collect(groupingBy(id -> id, counting())))
                .hasSize(2)
                .allSatisfy((id, failures) -> assertThat(failures).isBetween(3L, 6L));
    }

    @Test
    @ResourceLock("logs")
    void anExclusionThatMatchesNothingIsToldOnce() {
        lane.with("rotation.schedule.exclude", "acmecorp/*");

        try (RecordedLogs logs = RecordedLogs.at(Map.of("org.keyrotation", Level.WARN));
                RunningRoutes routes = started()) {
            pass(routes, Duration.ofHours(1));

            assertThat(logs.lines())
                    .filteredOn(line -> line.contains("'acmecorp/*' matches none of the 2 credentials"))
                    .hasSize(1);
        }
    }

    @Test
    void aPageThatFailsIsReadAgainAndACompanyThatCannotBeListedKeepsItsCredentials() {
        lane.without("rotation.schedule.targets").with("rotation.schedule.companies", "AcmeCorp");

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

    @Tag("I2")
    @Test
    @DisplayName("I2: instances side by side ask for the same, and each credential is rotated once")
    void instancesSideBySideAskForTheSame() {
        try (RunningRoutes one = started();
                RunningRoutes two = started()) {
            clock.advance(INTERVAL.plusHours(1));
            tick(one);
            tick(two);
            two.awaitCommitted();
        }

        assertThat(lane.records(lane.requestsTopic())).hasSizeBetween(2, 4);
        assertThat(requests().stream().map(RotationRequest::requestId).distinct())
                .hasSize(2);
        assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));
    }

    @Test
    void allActiveCredentialsOfACompanyAreFoundOnAllPagesAndThoseThatAreExcludedAreLeftAlone() {
        IntStream.range(0, 230).forEach(number -> api.addCredential("BigCorp", "S2-%03d".formatted(number)));
        api.setActive("BigCorp", "S2-150", false);
        lane.without("rotation.schedule.targets")
                .with("rotation.schedule.companies", "BigCorp")
                .with("rotation.schedule.exclude", "S2-007,BigCorp/S2-01*,*-22[0-4]")
                .with("rotation.schedule.first-rotation", "now");

        try (RunningRoutes routes = started()) {
            pass(routes, Duration.ofMinutes(1));
            RotationPlan plan = plan(routes);

            assertThat(states(plan, State.EXCLUDED)).isEqualTo(1 + 10 + 5);
            assertThat(states(plan, State.INACTIVE)).isEqualTo(1);
        }
        assertThat(rotations()).hasSize(230 - 16 - 1).allSatisfy((id, count) -> assertThat(count)
                .isEqualTo(1));
        assertThat(lane.failed()).isEmpty();
    }

    @Test
    void credentialsAreLookedUpHoweverLongTheLimitOfTheirCompanyHasThemWait() {
        List<String> ids =
                IntStream.range(0, 14).mapToObj(number -> "S2-" + number).toList();
        ids.forEach(id -> api.addCredential("SlowCorp", id));
        ids.stream().skip(12).forEach(id -> api.setActive("SlowCorp", id, false));
        lane.with("rotation.schedule.enabled", "false")
                .with("rotation.schedule.first-rotation", "now")
                .with("rotation.schedule.targets", "SlowCorp/" + String.join(",SlowCorp/", ids))
                .with("rotation.api.requests-per-second", "2");

        try (RunningRoutes routes = started()) {
            assertThat(states(plan(routes), State.INACTIVE)).isEqualTo(2);
        }
    }

    @Test
    void noneIsMissedWhileTheListChangesBetweenItsPages() {
        IntStream.range(0, 250).forEach(number -> api.addCredential("BigCorp", "S2-%03d".formatted(number)));
        lane.without("rotation.schedule.targets").with("rotation.schedule.companies", "BigCorp");
        AtomicBoolean changes = new AtomicBoolean();
        api.onRequest(request -> {
            if (request.uri().contains("pageNumber=1&") && changes.compareAndSet(true, false)) {
                api.removeCredential("BigCorp", "S2-000");
                api.addCredential("BigCorp", "S2-999");
            }
        });

        try (RunningRoutes routes = started()) {
            changes.set(true);
            List<String> seen = plan(routes).rotations().stream()
                    .map(each -> each.credential().apiCredentialId())
                    .toList();

            assertThat(changes).isFalse();
            assertThat(seen)
                    .doesNotHaveDuplicates()
                    .contains("S2-100", "S2-999")
                    .doesNotContain("S2-000")
                    .hasSize(250);
        }
    }

    @Test
    void aCredentialThatGoesInactiveOrDisappearsDropsOutWithoutNoise() {
        api.addCredential("AcmeCorp", "S2-3");
        lane.with("rotation.schedule.companies", "AcmeCorp")
                .with("rotation.schedule.targets", "OtherCorp/S2-2,OtherCorp/S2-9");

        try (RunningRoutes routes = started()) {
            api.setActive("AcmeCorp", "S2-1", false);
            api.removeCredential("AcmeCorp", "S2-3");
            api.setActive("OtherCorp", "S2-2", false);
            pass(routes, INTERVAL.plusHours(1));
            pass(routes, Duration.ofDays(3));

            assertThat(gauge(routes, "due")).isZero();
            api.setActive("AcmeCorp", "S2-1", true);
            pass(routes, Duration.ofDays(1));
        }
        assertThat(lane.failed()).isEmpty();
        assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L));
    }

    @Test
    @ResourceLock("logs")
    void theFileOfTargetsIsReadAgainAndABadLineIsReportedWithItsNumberWhileTheRestWorks(@TempDir Path directory)
            throws Exception {
        Path file = Files.writeString(directory.resolve("targets"), "# ours\nAcmeCorp/S2-1\n\nno target\n");
        lane.with("rotation.schedule.targets", "file:" + file).with("rotation.schedule.first-rotation", "now");

        try (RecordedLogs logs = RecordedLogs.at(Map.of("org.keyrotation", Level.WARN));
                RunningRoutes routes = started()) {
            pass(routes, Duration.ofMinutes(1));
            assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L));
            assertThat(String.join("\n", logs.lines()))
                    .contains("Line 4 of " + file + " is 'no target'; allowed is companyId/apiCredentialId");

            Files.writeString(file, "AcmeCorp/S2-1\n  OtherCorp/S2-2 \n");
            pass(routes, Duration.ofMinutes(1));
            assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));

            Files.delete(file);
            assertThat(plan(routes).rotations()).hasSize(2);
            assertThat(plan(routes).problems()).singleElement().asString().contains(file + " cannot be read");
        }
    }

    @Test
    void nothingFallsDueWhileTheWindowIsClosed() {
        lane.with("rotation.schedule.window", "Mon-Fri 08:00-16:00 UTC");

        try (RunningRoutes routes = started()) {
            toTheNext(routes, DayOfWeek.SATURDAY, 12);
            clock.advance(Duration.ofDays(7 * 13)); // due since a Saturday, at the latest
            pass(routes, Duration.ZERO);
            assertThat(states(plan(routes), State.WAITING)).isEqualTo(2);
            pass(routes, Duration.ofHours(43)); // Monday, 07:00
            assertThat(api.truth().totalGenerations()).isZero();

            pass(routes, Duration.ofHours(2));
            assertThat(api.truth().totalGenerations()).isEqualTo(2);
        }
    }

    @Test
    void aRequestThatFailedIsMadeAgainTheNextDay() {
        api.faults().failNext("OtherCorp", "S2-2", Fault.status(403), Fault.status(403));

        try (RunningRoutes routes = started()) {
            pass(routes, INTERVAL.plusHours(1));
            pass(routes, Duration.ofHours(12));
            assertThat(lane.failed()).extracting(RotationFailed::code).containsExactly(FailureCode.FORBIDDEN);
            assertThat(plan(routes).rotations())
                    .filteredOn(each -> each.state() == State.FAILED)
                    .singleElement()
                    .satisfies(each -> assertThat(each.detail()).contains("its last request failed"));

            pass(routes, Duration.ofHours(12));
            assertThat(lane.failed()).hasSize(2);
            pass(routes, Duration.ofHours(24));
        }
        assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));
    }

    @Test
    void whilePausedNothingIsAskedForButALeakIsRotatedAtOnce() {
        lane.with("rotation.schedule.paused", "true");

        try (RunningRoutes routes = started()) {
            pass(routes, INTERVAL.plusHours(1));
            assertThat(states(plan(routes), State.PAUSED)).isEqualTo(2);
            assertThat(gauge(routes, "paused")).isEqualTo(1);
            assertThat(gauge(routes, "due")).isEqualTo(2);
            lane.request("S2-1");
            routes.awaitCommitted();
            assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L));

            setPaused(routes, false);
            pass(routes, Duration.ofHours(1));
            assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));
            assertThat(gauge(routes, "paused")).isZero();
        }
    }

    @Tag("I1")
    @Test
    @DisplayName(
            "I1: a tick that cannot ask is made up for by the next one, whatever error handler the host's context has")
    void aTickThatCannotAskIsMadeUpForByTheNext() throws Exception {
        AtomicInteger failures = new AtomicInteger(2);
        RunningRoutes routes = RunningRoutes.unstarted(lane);
        routes.context()
                .getCamelContextExtension()
                .setErrorHandlerFactory(new DeadLetterChannelBuilder("log:dead-letters"));
        try (routes) {
            routes.start(new RotationRoutes(lane.settings()).clock(clock)).awaitIntake();
            tick(routes);
            AdviceWith.adviceWith(routes.context(), "rotation-send-request", advice -> advice.weaveAddFirst()
                    .process(exchange -> {
                        if (failures.getAndDecrement() > 0) {
                            throw new IllegalStateException("planted");
                        }
                    }));
            pass(routes, INTERVAL.plusMinutes(5));
            pass(routes, Duration.ofHours(1));
            assertThat(lane.records(lane.requestsTopic())).isEmpty();

            pass(routes, Duration.ofHours(1));
        }

        assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L, "OtherCorp/S2-2", 1L));
    }

    @Test
    void figuresTellWhatIsToCome() {
        try (RunningRoutes routes = started()) {
            assertThat(gauge(routes, "credentials")).isEqualTo(2);
            assertThat(gauge(routes, "next.due.timestamp")).isBetween(seconds(INTERVAL) - 60, seconds(INTERVAL));

            setPaused(routes, true);
            pass(routes, INTERVAL.plusHours(1));
            assertThat(gauge(routes, "due")).isEqualTo(2);
            assertThat(gauge(routes, "overdue")).isZero();
            pass(routes, Duration.ofDays(2));
            assertThat(gauge(routes, "overdue")).isEqualTo(2);
            assertThat(gauge(routes, "oldest.key.age")).isBetween(92.0 * 24 * 3600, 92.0 * 24 * 3600 + 2 * 3600);
        }
    }

    @Test
    void aPlanShowsWhatWouldBeAndWritesNothingDown() {
        try (RunningRoutes routes = started()) {
            clock.advance(INTERVAL.plusHours(1));
            api.addCredential("OtherCorp", "S2-3");
            int ledger = lane.records(lane.ledgerTopic()).size();

            assertThat(plan(routes).due())
                    .extracting(each -> each.credential().toString())
                    .containsExactlyInAnyOrder("AcmeCorp/S2-1", "OtherCorp/S2-2");
            assertThat(plan(routes)).isEqualTo(plan(routes));
            assertThat(lane.records(lane.ledgerTopic())).hasSize(ledger);
        }
        assertThat(lane.records(lane.requestsTopic())).isEmpty();
        assertThat(api.generateRequests()).isEmpty();
    }

    @Test
    void whatIsDueCanBeAskedForWithoutATimerAndLookedUp() {
        lane.with("rotation.schedule.enabled", "false").with("rotation.schedule.first-rotation", "now");
        api.faults().failNext("OtherCorp", "S2-2", Fault.status(403));

        try (RunningRoutes routes = started()) {
            RotationPlan plan = routes.template()
                    .requestBody(RotationRoutes.REQUEST_DUE_CLIENT_KEY_ROTATIONS, null, RotationPlan.class);
            routes.awaitCommitted();

            assertThat(plan.requests())
                    .extracting(request -> routes.template()
                            .requestBody(RotationRoutes.LOOK_UP_CLIENT_KEY_ROTATION, request, RequestState.class))
                    .containsExactlyInAnyOrder(RequestState.ROTATED, RequestState.FAILED);
        }
    }

    @Test
    @ResourceLock("logs")
    void aCompanyThatCannotBeListedIsToldAndTheOthersGoOn() {
        api.hideCompany("OtherCorp");
        lane.without("rotation.schedule.targets")
                .with("rotation.schedule.companies", "OtherCorp,AcmeCorp")
                .with("rotation.schedule.first-rotation", "now");

        try (RecordedLogs logs = RecordedLogs.at(Map.of("org.keyrotation", Level.WARN));
                RunningRoutes routes = started()) {
            pass(routes, Duration.ofMinutes(1));

            assertThat(String.join("\n", logs.lines()))
                    .contains("The credentials of OtherCorp cannot be listed: The API answered 403");
        }
        assertThat(rotations()).isEqualTo(Map.of("AcmeCorp/S2-1", 1L));
    }

    /** With its first tick done. */
    private RunningRoutes started() {
        RunningRoutes routes = RunningRoutes.start(lane, clock).awaitIntake();
        tick(routes);
        return routes;
    }

    private void pass(RunningRoutes routes, Duration time) {
        clock.advance(time);
        tick(routes);
        routes.awaitCommitted();
    }

    private void tick(RunningRoutes routes) {
        if (lane.settings().schedule().enabled()) {
            routes.template().sendBody("direct:rotation-request-due-at-tick", null);
        }
    }

    private void toTheNext(RunningRoutes routes, DayOfWeek day, int hour) {
        ZonedDateTime now = clock.instant().atZone(ZoneOffset.UTC);
        ZonedDateTime then = now.with(TemporalAdjusters.next(day)).withHour(hour);
        pass(routes, Duration.between(now, then));
    }

    private static RotationPlan plan(RunningRoutes routes) {
        return routes.template().requestBody(RotationRoutes.PLAN_CLIENT_KEY_ROTATIONS, null, RotationPlan.class);
    }

    private static long states(RotationPlan plan, State state) {
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
        return lane.rotated().stream()
                .map(ClientKeyRotated::credential)
                .collect(groupingBy(CredentialId::toString, counting()));
    }

    private List<RotationRequest> requests() {
        return lane.records(lane.requestsTopic()).stream()
                .map(message -> RotationRequest.read(message.value()))
                .toList();
    }

    /** On the clock. */
    private double seconds(Duration fromNow) {
        return clock.instant().plus(fromNow).toEpochMilli() / 1000.0;
    }
}
