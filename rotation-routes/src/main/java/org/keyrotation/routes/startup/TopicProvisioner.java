package org.keyrotation.routes.startup;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.publish.PublishSettings;

/** The topics that rotations need, and what stands in their way. */
final class TopicProvisioner {

    private static final Map<String, String> COMPACTED =
            Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);

    private final Prefix prefix;
    private final RotationSettings settings;
    private final List<String> names;

    TopicProvisioner(Prefix prefix, RotationSettings settings) {
        this.prefix = prefix;
        this.settings = settings;
        this.names = names(settings);
    }

    private static List<String> names(RotationSettings settings) {
        PublishSettings publish = settings.publish();
        List<String> names = new ArrayList<>(
                List.of(settings.intake().requestsTopic(), settings.ledger().topic()));
        if (publish.enabled()) {
            names.addAll(List.of(publish.keysTopic(), publish.failuresTopic()));
        }
        if (publish.defers()) {
            publish.retries().forEach(retry -> names.add(retry.name()));
        }
        return names;
    }

    /** What is not as it must be, or null. Writing to a partition without a leader can lose a batch (KAFKA-15591). */
    @Nullable
    String obstacle(Admin admin) throws InterruptedException, ExecutionException {
        List<String> missing = missing(admin);
        if (!missing.isEmpty()) {
            return settings.topics().create()
                    ? "Missing topics: " + missing
                    : "Missing topics: " + missing
                            + prefix.in("; create them, or have a service do it, by rotation.topics.create=true");
        }
        return haveLeaders(admin) ? ledgerForgets(admin) : "Some partitions of " + names + " have no leader";
    }

    /** Where anything but compaction cleans the ledger, rotations are forgotten, and done again. */
    private @Nullable String ledgerForgets(Admin admin) throws InterruptedException, ExecutionException {
        String ledger = settings.ledger().topic();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, ledger);
        Config config = requireNonNull(
                admin.describeConfigs(List.of(resource)).all().get().get(resource));
        String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        return TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy)
                ? null
                : "The ledger %s has cleanup.policy=%s; allowed is compact alone: it would forget rotations"
                        .formatted(ledger, policy);
    }

    void createMissing(Admin admin) throws InterruptedException, ExecutionException {
        List<String> missing = settings.topics().create() ? missing(admin) : List.of();
        for (String name : missing) {
            create(admin, topic(name));
        }
    }

    private List<String> missing(Admin admin) throws InterruptedException, ExecutionException {
        Collection<String> there = admin.listTopics().names().get();
        return names.stream().filter(name -> !there.contains(name)).toList();
    }

    private static void create(Admin admin, NewTopic topic) throws InterruptedException, ExecutionException {
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) { // else another instance was quicker
                throw e;
            }
        }
    }

    private boolean haveLeaders(Admin admin) throws InterruptedException, ExecutionException {
        return admin.describeTopics(names).allTopicNames().get().values().stream()
                .map(TopicDescription::partitions)
                .flatMap(List::stream)
                .allMatch(partition ->
                        partition.leader() != null && !partition.leader().isEmpty());
    }

    private NewTopic topic(String name) {
        TopicSettings topics = settings.topics();
        NewTopic topic =
                new NewTopic(name, Optional.of(topics.partitions()), Optional.ofNullable(topics.replicationFactor()));
        boolean compacted = name.equals(settings.publish().keysTopic())
                || name.equals(settings.ledger().topic());
        return compacted ? topic.configs(COMPACTED) : topic;
    }
}
