package org.keyrotation.routes.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;

/** The settings of a topic as brokers report them. Some managed services do not report every setting. */
class TopicInspectionTest {

    private static final Node NODE = new Node(1, "localhost", 9092);

    private final TopicInspection inspection = new TopicInspection("ledger", true);

    @Test
    void settingThatTheBrokersDoNotReportIsSkipped() {
        inspect(ManagedTopic.requests("requests"), new Config(List.of()));
        inspect(
                ManagedTopic.keys("keys"),
                new Config(List.of(
                        new ConfigEntry("cleanup.policy", null),
                        new ConfigEntry("max.message.bytes", "1000"),
                        new ConfigEntry("min.insync.replicas", null))));

        assertThat(inspection.readiness().reason()).isNull();
        assertThat(inspection.readiness().warnings())
                .singleElement()
                .asString()
                .startsWith("Topic keys: max.message.bytes=1000, expected at least 65536");
    }

    @Test
    void cleanupPolicyOfTheLedgerThatTheBrokersDoNotReportIsAWarning() {
        inspect(ManagedTopic.ledger("ledger"), new Config(List.of()));

        assertThat(inspection.readiness().reason()).isNull();
        assertThat(inspection.readiness().warnings())
                .containsExactly(
                        "Topic ledger: cleanup.policy is not checked, expected compact alone: the brokers do not report it");
    }

    @Test
    void ledgerOfAnOlderVersionIsCompactedTooSoon() {
        inspect(
                ManagedTopic.ledger("ledger"),
                new Config(List.of(
                        new ConfigEntry("cleanup.policy", "compact"), new ConfigEntry("min.compaction.lag.ms", "0"))));

        assertThat(inspection.readiness().reason()).isNull();
        assertThat(inspection.readiness().warnings())
                .singleElement()
                .asString()
                .startsWith("Topic ledger: min.compaction.lag.ms=0, expected at least 600000: ");
    }

    private void inspect(ManagedTopic topic, Config config) {
        TopicPartitionInfo partition = new TopicPartitionInfo(0, NODE, List.of(NODE), List.of(NODE));
        inspection.inspectSettings(topic, new TopicDescription(topic.name(), false, List.of(partition)), config);
    }
}
