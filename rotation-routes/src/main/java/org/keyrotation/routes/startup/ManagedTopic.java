package org.keyrotation.routes.startup;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_DELETE;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.acl.AclOperation;
import org.keyrotation.routes.retry.RetryTopic;

/**
 * A topic of the routes.
 *
 * @param name the name of the topic
 * @param configs the settings that it is created with
 * @param operations what the intake must be allowed to do
 * @param rules what its settings must be; another application may have created it
 * @param isRequired whether no request is processed without it; otherwise each of its problems is a warning
 */
record ManagedTopic(
        String name, Map<String, String> configs, Set<AclOperation> operations, List<Rule> rules, boolean isRequired) {

    private static final Map<String, String> COMPACTED = Map.of(CLEANUP_POLICY_CONFIG, CLEANUP_POLICY_COMPACT);

    /** Compaction keeps the last entry of a credential, which may be a stale write until an instance has repaired it. */
    private static final Duration LEDGER_COMPACTION_LAG = Duration.ofHours(1);

    private static final Duration MIN_LEDGER_COMPACTION_LAG = Duration.ofMinutes(10);

    private static final Set<AclOperation> READ_AND_WRITE = Set.of(AclOperation.READ, AclOperation.WRITE);

    /** The longest record is a failure with the first 4 KiB of its request. JSON may escape each character with six. */
    private static final Rule LARGE_RECORDS = new Rule(
            MAX_MESSAGE_BYTES_CONFIG,
            value -> Long.parseLong(value) >= 65_536,
            "at least 65536",
            "a request whose record is larger would never end",
            false);

    /**
     * A rule for one setting of a topic.
     *
     * @param setting the name of the setting
     * @param accepts whether a value is harmless
     * @param expected the expected value, for the message
     * @param danger what happens with any other value
     * @param isRequired whether the topic is not ready while it breaks the rule; otherwise a warning says so
     */
    record Rule(String setting, Predicate<String> accepts, String expected, String danger, boolean isRequired) {

        String message(String topic, String value) {
            return "Topic %s: %s=%s, expected %s: %s".formatted(topic, setting, value, expected, danger);
        }
    }

    static ManagedTopic requests(String name) {
        return new ManagedTopic(
                name,
                Map.of(),
                READ_AND_WRITE,
                List.of(notCompacted("a later request of a credential removes the one before", true)),
                true);
    }

    static ManagedTopic retry(RetryTopic topic) {
        return new ManagedTopic(
                topic.name(),
                Map.of(),
                READ_AND_WRITE,
                List.of(
                        notCompacted("a later request of a credential removes the one before", true),
                        retainedFor(topic.delay()),
                        LARGE_RECORDS),
                true);
    }

    static ManagedTopic ledger(String name) {
        return new ManagedTopic(
                name,
                Map.of(
                        CLEANUP_POLICY_CONFIG,
                        CLEANUP_POLICY_COMPACT,
                        MIN_COMPACTION_LAG_MS_CONFIG,
                        String.valueOf(LEDGER_COMPACTION_LAG.toMillis())),
                READ_AND_WRITE,
                List.of(
                        compactedAlone("it forgets rotations, and they are repeated", true),
                        compactedAfter(MIN_LEDGER_COMPACTION_LAG),
                        LARGE_RECORDS),
                true);
    }

    static ManagedTopic keys(String name) {
        return new ManagedTopic(
                name,
                COMPACTED,
                Set.of(AclOperation.WRITE),
                List.of(
                        compactedAlone("a key that is older than the retention vanishes, though it is in use", false),
                        LARGE_RECORDS),
                true);
    }

    static ManagedTopic failures(String name) {
        return new ManagedTopic(
                name,
                Map.of(),
                Set.of(AclOperation.WRITE),
                List.of(
                        notCompacted(
                                "the brokers refuse a failure without a credential, and its request never ends", true),
                        LARGE_RECORDS),
                true);
    }

    static ManagedTopic satisfied(String name) {
        return new ManagedTopic(
                name,
                Map.of(),
                Set.of(AclOperation.WRITE),
                List.of(
                        notCompacted("a later satisfied request of a credential removes the one before", false),
                        LARGE_RECORDS),
                true);
    }

    static ManagedTopic acknowledgements(String name) {
        return new ManagedTopic(
                name,
                COMPACTED,
                Set.of(AclOperation.READ, AclOperation.WRITE),
                List.of(compactedAlone("adoption that is older than the retention is forgotten", false)),
                false);
    }

    private static Rule compactedAlone(String danger, boolean isRequired) {
        return new Rule(
                CLEANUP_POLICY_CONFIG,
                CLEANUP_POLICY_COMPACT::equals,
                CLEANUP_POLICY_COMPACT + " alone",
                danger,
                isRequired);
    }

    private static Rule compactedAfter(Duration lag) {
        return new Rule(
                MIN_COMPACTION_LAG_MS_CONFIG,
                value -> Long.parseLong(value) >= lag.toMillis(),
                "at least " + lag.toMillis(),
                "compaction may keep a stale write that is not repaired yet",
                false);
    }

    private static Rule notCompacted(String danger, boolean isRequired) {
        return new Rule(
                CLEANUP_POLICY_CONFIG,
                value -> !value.contains(CLEANUP_POLICY_COMPACT),
                CLEANUP_POLICY_DELETE,
                danger,
                isRequired);
    }

    private static Rule retainedFor(Duration delay) {
        return new Rule(
                RETENTION_MS_CONFIG,
                value -> Long.parseLong(value) < 0 || Long.parseLong(value) > delay.toMillis(),
                "more than " + delay.toMillis() + ", the delay of the topic",
                "a deferred request is lost before it is due",
                true);
    }
}
