package org.keyrotation.routes.startup;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.kafka.NotReadyReason;

/** Inspection of existing topics: missing permissions, dangerous settings, and too few replicas to write. */
final class TopicInspection {

    private final List<NotReadyReason> reasons = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final String ledger;
    private final boolean needsPermissions;

    /**
     * @param ledger the topic whose settings must be known
     * @param needsPermissions whether the topics must be read and written; a plan does not
     */
    TopicInspection(String ledger, boolean needsPermissions) {
        this.ledger = ledger;
        this.needsPermissions = needsPermissions;
    }

    Readiness inspect(Admin admin, List<ManagedTopic> topics, Map<String, TopicDescription> existing)
            throws InterruptedException, ExecutionException {
        Map<ConfigResource, KafkaFuture<Config>> configs = admin.describeConfigs(
                        topics.stream().map(topic -> resource(topic.name())).toList())
                .values();
        for (ManagedTopic topic : topics) {
            TopicDescription description = requireNonNull(existing.get(topic.name()));
            requirePermissions(topic, description);
            Config config = config(topic.name(), requireNonNull(configs.get(resource(topic.name()))));
            if (config != null) {
                inspectSettings(topic, description, config);
            }
        }
        return readiness();
    }

    /** Inspects one topic, and returns all that is found. */
    TopicFindings findings(Admin admin, ManagedTopic topic, Map<String, TopicDescription> existing)
            throws InterruptedException, ExecutionException {
        Readiness unused = inspect(admin, List.of(topic), existing);
        return new TopicFindings(
                topic.name(), reasons.stream().map(NotReadyReason::text).toList(), warnings);
    }

    void inspectSettings(ManagedTopic topic, TopicDescription description, Config config) {
        topic.rules().forEach(rule -> apply(rule, topic.name(), config));
        requireInSyncReplicas(description, config);
    }

    Readiness readiness() {
        return new Readiness(reasons.isEmpty() ? null : reasons.get(0), warnings);
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /** Returns null, with a warning, if the brokers refuse to show the settings. */
    private @Nullable Config config(String topic, KafkaFuture<Config> config)
            throws InterruptedException, ExecutionException {
        try {
            return config.get();
        } catch (ExecutionException e) {
            if (topic.equals(ledger) || !(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
            warnings.add("Topic " + topic + ": its settings are not checked, expected the permission to describe them");
            return null;
        }
    }

    /** Old brokers do not say what they allow. */
    private void requirePermissions(ManagedTopic topic, TopicDescription description) {
        Set<AclOperation> allowed = description.authorizedOperations();
        if (needsPermissions && allowed != null && !allowed.containsAll(topic.operations())) {
            reasons.add(NotReadyReason.permanent("Topic %s: the brokers allow %s, expected %s"
                    .formatted(topic.name(), new TreeSet<>(allowed), new TreeSet<>(topic.operations()))));
        }
    }

    private void apply(ManagedTopic.Rule rule, String topic, Config config) {
        String value = value(config, rule.setting());
        if (value == null) {
            if (topic.equals(ledger) && rule.isRequired()) {
                warnings.add("Topic %s: %s is not checked, expected %s: the brokers do not report it"
                        .formatted(topic, rule.setting(), rule.expected()));
            }
        } else if (!rule.accepts().test(value)) {
            String message = rule.message(topic, value);
            if (rule.isRequired()) {
                reasons.add(NotReadyReason.permanent(message));
            } else {
                warnings.add(message);
            }
        }
    }

    /** Returns null for a setting that the brokers do not report, as those of some managed services. */
    private static @Nullable String value(Config config, String setting) {
        ConfigEntry entry = config.get(setting);
        return entry == null ? null : entry.value();
    }

    private void requireInSyncReplicas(TopicDescription topic, Config config) {
        String required = value(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
        for (TopicPartitionInfo partition : topic.partitions()) {
            if (required != null && partition.isr().size() < Integer.parseInt(required)) {
                reasons.add(NotReadyReason.retryable(
                        "Topic %s: partition %d has %d in-sync of %d replicas, expected min.insync.replicas=%s: the brokers refuse every write"
                                .formatted(
                                        topic.name(),
                                        partition.partition(),
                                        partition.isr().size(),
                                        partition.replicas().size(),
                                        required)));
                return;
            }
        }
    }
}
