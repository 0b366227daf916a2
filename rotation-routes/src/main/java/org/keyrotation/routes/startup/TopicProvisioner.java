package org.keyrotation.routes.startup;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.keyrotation.routes.adoption.AdoptionSettings;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.intake.IntakeSettings;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.kafka.NotReadyReason;
import org.keyrotation.routes.ledger.LedgerSettings;
import org.keyrotation.routes.publish.PublishSettings;
import org.keyrotation.routes.retry.RetrySettings;

/** Provisioner of the topics: it creates the missing ones, and says why the topics are not ready. */
public final class TopicProvisioner {

    private final Prefix prefix;
    private final TopicSettings settings;
    private final String ledger;
    private final boolean isIntakeEnabled;
    private final List<ManagedTopic> topics;

    public TopicProvisioner(
            Prefix prefix,
            TopicSettings settings,
            IntakeSettings intake,
            RetrySettings retry,
            PublishSettings publish,
            LedgerSettings ledger,
            AdoptionSettings adoption) {
        this.prefix = prefix;
        this.settings = settings;
        this.ledger = ledger.topic();
        this.isIntakeEnabled = intake.enabled();
        this.topics = topics(intake, retry, publish, ledger, adoption);
    }

    private static List<ManagedTopic> topics(
            IntakeSettings intake,
            RetrySettings retry,
            PublishSettings publish,
            LedgerSettings ledger,
            AdoptionSettings adoption) {
        List<ManagedTopic> topics = new ArrayList<>();
        topics.add(ManagedTopic.requests(intake.requestsTopic()));
        topics.add(ManagedTopic.ledger(ledger.topic()));
        if (publish.enabled()) {
            topics.add(ManagedTopic.keys(publish.keysTopic()));
            topics.add(ManagedTopic.failures(publish.failuresTopic()));
            topics.add(ManagedTopic.satisfied(publish.satisfiedTopic()));
        }
        if (publish.isDeferring()) {
            retry.topics().stream().map(ManagedTopic::retry).forEach(topics::add);
        }
        if (adoption.enabled()) {
            topics.add(ManagedTopic.acknowledgements(adoption.topic()));
        }
        return topics;
    }

    /**
     * Checks that the topics exist, that they can be written, and that their settings are not dangerous. A send to a partition
     * without a leader can lose a batch (KAFKA-15591).
     */
    Readiness check(Admin admin) throws InterruptedException, ExecutionException {
        List<ManagedTopic> required =
                topics.stream().filter(ManagedTopic::isRequired).toList();
        Map<String, TopicDescription> existing = describe(admin, required);
        List<String> missing = names(required, topic -> !existing.containsKey(topic));
        if (!missing.isEmpty()) {
            String hint = "; create them, or let a service create them with rotation.topics.create=true";
            return Readiness.notReady(NotReadyReason.retryable(
                    "Missing topics: " + missing + (settings.create() ? "" : prefix.rewrite(hint))));
        }
        List<String> withoutLeader = names(required, topic -> !hasLeaders(requireNonNull(existing.get(topic))));
        if (!withoutLeader.isEmpty()) {
            return Readiness.notReady(
                    NotReadyReason.retryable("Some partitions of " + withoutLeader + " have no leader"));
        }
        Readiness readiness = new TopicInspection(ledger, isIntakeEnabled).inspect(admin, required, existing);
        return readiness.withWarnings(optionalTopicProblems(admin));
    }

    private List<String> optionalTopicProblems(Admin admin) throws InterruptedException {
        List<String> problems = new ArrayList<>();
        for (ManagedTopic topic : topics) {
            if (!topic.isRequired()) {
                TopicFindings findings = inspect(admin, topic);
                problems.addAll(findings.warnings());
                findings.problems().forEach(problem -> problems.add(named(topic.name(), problem)));
            }
        }
        return problems;
    }

    private static String named(String topic, String problem) {
        return problem.contains(topic) ? problem : "Topic " + topic + ": " + problem;
    }

    /** Checks each topic on its own, as {@link #check} does, and changes nothing. */
    public List<TopicFindings> inspectEach(Admin admin) throws InterruptedException {
        List<TopicFindings> findings = new ArrayList<>();
        for (ManagedTopic topic : topics) {
            findings.add(inspect(admin, topic));
        }
        return findings;
    }

    private TopicFindings inspect(Admin admin, ManagedTopic topic) throws InterruptedException {
        try {
            Map<String, TopicDescription> existing = describe(admin, List.of(topic));
            TopicDescription description = existing.get(topic.name());
            if (description == null) {
                return missing(topic.name());
            }
            return hasLeaders(description)
                    ? new TopicInspection(ledger, isIntakeEnabled).findings(admin, topic, existing)
                    : TopicFindings.problem(topic.name(), "some partitions have no leader");
        } catch (ExecutionException e) {
            return TopicFindings.problem(topic.name(), "the brokers do not show it: " + KafkaClients.reason(e));
        }
    }

    private TopicFindings missing(String topic) {
        return settings.create()
                ? new TopicFindings(topic, List.of(), List.of("missing, a service creates it at its start"))
                : TopicFindings.problem(
                        topic,
                        prefix.rewrite(
                                "missing: create it, or let a service create it with rotation.topics.create=true"));
    }

    private static List<String> names(List<ManagedTopic> topics, Predicate<String> predicate) {
        return topics.stream().map(ManagedTopic::name).filter(predicate).toList();
    }

    void createMissing(Admin admin) throws InterruptedException, ExecutionException {
        if (settings.create()) {
            Map<String, TopicDescription> existing = describe(admin, topics);
            for (ManagedTopic topic : topics) {
                if (!existing.containsKey(topic.name())) {
                    create(admin, topic);
                }
            }
        }
    }

    private void create(Admin admin, ManagedTopic topic) throws InterruptedException, ExecutionException {
        NewTopic newTopic = new NewTopic(
                topic.name(), Optional.of(settings.partitions()), Optional.ofNullable(settings.replicationFactor()));
        try {
            admin.createTopics(List.of(newTopic.configs(topic.configs()))).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) { // another instance has created it
                throw e;
            }
        }
    }

    /** Returns those of the topics that exist. */
    private static Map<String, TopicDescription> describe(Admin admin, List<ManagedTopic> topics)
            throws InterruptedException, ExecutionException {
        Map<String, TopicDescription> existing = new LinkedHashMap<>();
        List<String> names = topics.stream().map(ManagedTopic::name).toList();
        DescribeTopicsOptions options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
        for (KafkaFuture<TopicDescription> described :
                admin.describeTopics(names, options).topicNameValues().values()) {
            try {
                existing.put(described.get().name(), described.get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return existing;
    }

    private static boolean hasLeaders(TopicDescription topic) {
        return topic.partitions().stream()
                .allMatch(partition ->
                        partition.leader() != null && !partition.leader().isEmpty());
    }
}
