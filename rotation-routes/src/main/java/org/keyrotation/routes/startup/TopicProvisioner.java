package org.keyrotation.routes.startup;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.intake.IntakeSettings;
import org.keyrotation.routes.ledger.LedgerSettings;
import org.keyrotation.routes.publish.PublishSettings;
import org.keyrotation.routes.retry.RetrySettings;
import org.keyrotation.routes.retry.RetryTopic;

/** Provisioner of the topics: it creates the missing ones, and says why the topics are not ready. */
public final class TopicProvisioner {

    private static final Map<String, String> COMPACTED =
            Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);

    private final Prefix prefix;
    private final TopicSettings settings;
    private final String ledger;
    private final List<String> names;
    private final Set<String> compacted;

    public TopicProvisioner(
            Prefix prefix,
            TopicSettings settings,
            IntakeSettings intake,
            RetrySettings retry,
            PublishSettings publish,
            LedgerSettings ledger) {
        this.prefix = prefix;
        this.settings = settings;
        this.ledger = ledger.topic();
        this.names = names(intake, retry, publish, ledger);
        this.compacted = Set.of(publish.keysTopic(), ledger.topic());
    }

    private static List<String> names(
            IntakeSettings intake, RetrySettings retry, PublishSettings publish, LedgerSettings ledger) {
        List<String> names = new ArrayList<>(List.of(intake.requestsTopic(), ledger.topic()));
        if (publish.enabled()) {
            names.addAll(List.of(publish.keysTopic(), publish.failuresTopic()));
        }
        if (publish.isDeferring()) {
            retry.topics().stream().map(RetryTopic::name).forEach(names::add);
        }
        return names;
    }

    /** Returns why the topics are not ready, or null. A send to a partition without a leader can lose a batch (KAFKA-15591). */
    @Nullable
    String notReadyReason(Admin admin) throws InterruptedException, ExecutionException {
        List<String> missing = missing(admin);
        if (!missing.isEmpty()) {
            return settings.create()
                    ? "Missing topics: " + missing
                    : "Missing topics: " + missing
                            + prefix.rewrite(
                                    "; create them, or let a service create them with rotation.topics.create=true");
        }
        return haveLeaders(admin) ? ledgerCleanupProblem(admin) : "Some partitions of " + names + " have no leader";
    }

    /** With any cleanup but compaction, the ledger forgets rotations, and they are repeated. */
    private @Nullable String ledgerCleanupProblem(Admin admin) throws InterruptedException, ExecutionException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, ledger);
        Config config = requireNonNull(
                admin.describeConfigs(List.of(resource)).all().get().get(resource));
        String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        return TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy)
                ? null
                : "The ledger %s has cleanup.policy=%s, expected compact alone: it would forget rotations"
                        .formatted(ledger, policy);
    }

    void createMissing(Admin admin) throws InterruptedException, ExecutionException {
        List<String> missing = settings.create() ? missing(admin) : List.of();
        for (String name : missing) {
            create(admin, newTopic(name));
        }
    }

    private List<String> missing(Admin admin) throws InterruptedException, ExecutionException {
        Collection<String> existing = admin.listTopics().names().get();
        return names.stream().filter(name -> !existing.contains(name)).toList();
    }

    private static void create(Admin admin, NewTopic topic) throws InterruptedException, ExecutionException {
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) { // another instance has created it
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

    private NewTopic newTopic(String name) {
        NewTopic topic = new NewTopic(
                name, Optional.of(settings.partitions()), Optional.ofNullable(settings.replicationFactor()));
        return compacted.contains(name) ? topic.configs(COMPACTED) : topic;
    }
}
