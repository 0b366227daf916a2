package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.CheckReport;
import org.keyrotation.model.Json;
import org.keyrotation.sandbox.ApiUser;
import org.keyrotation.sandbox.ReceivedRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The command {@code check} of the packaged app. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class CheckIT {

    private static final String DEFAULT_AUTH = "authentication rotation.api.*";

    private SandboxBroker broker;
    private SimulatedManagementApi api;
    private AppFixture fixture;

    @BeforeEach
    void setUp(SandboxBroker shared, SimulatedManagementApi fresh) throws Exception {
        broker = shared;
        api = fresh;
        fixture = new AppFixture(shared, fresh);
    }

    @Test
    void environmentBeforeTheFirstStartIsInOrder() {
        api.setRoles(api.user(), "Checkout webservice role", "Management API - API credentials read and write");

        try (AppProcess check = fixture.launch().arguments("check").start()) {
            assertThat(check.exit()).as(check.toString()).isZero();
            assertThat(rows(check))
                    .containsEntry("brokers", "ok")
                    .containsEntry("topic " + fixture.requests, "warning")
                    .containsEntry("topic " + fixture.ledger, "warning")
                    .containsEntry("groups", "ok")
                    .containsEntry("ledger", "skipped")
                    .containsEntry(DEFAULT_AUTH, "ok")
                    .containsEntry("clock", "ok");
            assertThat(check.errors()).isEmpty();
        }
        assertThat(broker.topics().names()).doesNotContain(fixture.requests, fixture.ledger);
        assertThat(api.requests()).extracting(ReceivedRequest::path).containsExactly("/v3/me");
    }

    @Test
    void everyProblemHasALine() throws Exception {
        broker.createTopic(fixture.ledger, 1, Map.of("cleanup.policy", "delete"));
        broker.topics()
                .send(
                        fixture.ledger,
                        (fixture.company + "/S2-1").getBytes(UTF_8),
                        "{\"revision\":1,\"settled\":17}".getBytes(UTF_8));
        broker.createTopic(fixture.keys, 1, Map.of());
        ApiUser ofCompany = api.addUser(fixture.company);
        api.setRoles(ofCompany, "Checkout webservice role");
        api.clock().advance(Duration.ofHours(1));
        AclBinding denied = new AclBinding(
                new ResourcePattern(ResourceType.GROUP, fixture.group, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.READ, AclPermissionType.DENY));

        broker.topics().addAcls(List.of(denied));
        try (AppProcess check = fixture.launch()
                .environment("ROTATION_API_KEY", "wrong")
                .property("rotation.api.companies." + fixture.company + ".key", ofCompany.apiKey())
                .property("rotation.topics.create", false)
                .arguments("check", "-o", "json")
                .start()) {
            assertThat(check.exit()).as(check.toString()).isEqualTo(1);
            assertThat(results(check))
                    .contains(
                            entry("brokers", "ok"),
                            entry("topic " + fixture.requests, "failed"),
                            entry("topic " + fixture.ledger, "failed"),
                            entry("topic " + fixture.keys, "warning"),
                            entry("groups", "failed"),
                            entry("ledger", "failed"),
                            entry(DEFAULT_AUTH, "failed"),
                            entry("authentication rotation.api.companies." + fixture.company + ".*", "failed"),
                            entry("clock", "failed"));
            assertThat(check.output())
                    .contains("cleanup.policy=delete, expected compact alone")
                    .contains("invalid entry at partition 0, offset 0")
                    .contains("The API answered 401")
                    .contains("does not have the role 'Management API - API credentials read and write'")
                    .doesNotContain(ofCompany.apiKey());
        } finally {
            broker.topics().deleteAcls(List.of(denied));
        }
    }

    @Test
    void localCheckAsksTheServiceOnly() throws Exception {
        int port = fixture.management().port();
        try (AppProcess check = local(port).start()) {
            assertThat(check.exit()).as(check.toString()).isEqualTo(1);
            assertThat(check.output())
                    .contains("http://127.0.0.1:" + port + "/observe/health/ready does not answer (ConnectException)");
        }
        try (AppProcess service =
                fixture.launch().property("rotation.topics.create", false).start()) {
            service.line("Not ready, will retry");
            try (AppProcess check = local(port).start()) {
                assertThat(check.exit()).as(check.toString()).isEqualTo(1);
                assertThat(check.output()).contains("rotation-topics  failed");
            }
        }
        try (AppProcess service = fixture.launch().start()) {
            service.awaitReady();
            try (AppProcess check = local(port).start()) {
                assertThat(check.exit()).as(check.toString()).isZero();
                assertThat(rows(check)).containsExactly(entry("ready", "ok"));
            }
        }
    }

    @Test
    void localCheckNeedsAFixedPort() {
        try (AppProcess check = local(0).start()) {
            assertThat(check.exit()).isEqualTo(2);
            assertThat(check.errors())
                    .containsExactly("Wrong configuration: camel.management.port: '0' names no port to ask, expected a"
                            + " number from 1 to 65535");
        }
    }

    /** It needs neither brokers nor an API key. */
    private static AppProcess.Launch local(int port) {
        return AppProcess.packaged().property("camel.management.port", port).arguments("check", "--local");
    }

    @Test
    void whatCannotBeCheckedIsSkippedWhileNothingAnswers() {
        try (AppProcess check = fixture.launch()
                .property("camel.component.kafka.brokers", "127.0.0.1:1")
                .property("rotation.api.base-url", "http://127.0.0.1:1/v3")
                .property("rotation.api.companies.AcmeCorp.key", "any")
                .arguments("check")
                .start()) {
            assertThat(check.exit()).as(check.toString()).isEqualTo(1);
            assertThat(rows(check))
                    .containsExactly(
                            entry("brokers", "failed"),
                            entry("topics", "skipped"),
                            entry("groups", "skipped"),
                            entry("ledger", "skipped"),
                            entry(DEFAULT_AUTH, "failed"),
                            entry("authentication rotation.api.companies.AcmeCorp.*", "skipped"),
                            entry("clock", "skipped"));
            assertThat(check.errors()).isEmpty();
        }
    }

    /** The result by the name of the check, of the printed table. */
    private static Map<String, String> rows(AppProcess app) {
        return app.lines()
                .skip(1)
                .map(line -> line.split(" {2,}", 3))
                .collect(Collectors.toMap(
                        cells -> cells[0], cells -> cells[1], (one, other) -> one, LinkedHashMap::new));
    }

    private static Map<String, String> results(AppProcess app) throws Exception {
        JsonNode document = JsonDocument.of(app, "check-report");
        return Json.mapper().treeToValue(document, CheckReport.class).checks().stream()
                .collect(Collectors.toMap(
                        CheckReport.Check::name, check -> check.result().name().toLowerCase(Locale.ROOT)));
    }
}
