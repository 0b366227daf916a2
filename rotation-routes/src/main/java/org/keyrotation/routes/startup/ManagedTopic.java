package org.keyrotation.routes.startup;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;

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
 */
record ManagedTopic(String name, Map<String, String> configs, Set<AclOperation> operations, List<Rule> rules) {

    private static final Map<String, String> COMPACTED = Map.of(CLEANUP_POLICY_CONFIG, CLEANUP_POLICY_COMPACT);

    private static final Set<AclOperation> READ_AND_WRITE = Set.of(AclOperation.READ, AclOperation.WRITE);

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
                List.of());
    }

    static ManagedTopic retry(RetryTopic topic) {
        return new ManagedTopic(
                topic.name(),
                Map.of(),
                READ_AND_WRITE,
                List.of());
    }

    static ManagedTopic ledger(String name) {
        return new ManagedTopic(
                name,
                COMPACTED,
                READ_AND_WRITE,
                List.of(compactedAlone("it forgets rotations, and they are repeated", true)));
    }

    static ManagedTopic keys(String name) {
        return new ManagedTopic(
                name,
                COMPACTED,
                Set.of(AclOperation.WRITE),
                List.of());
    }

    static ManagedTopic failures(String name) {
        return new ManagedTopic(
                name,
                Map.of(),
                Set.of(AclOperation.WRITE),
                List.of());
    }

    private static Rule compactedAlone(String danger, boolean isRequired) {
        return new Rule(
                CLEANUP_POLICY_CONFIG,
                CLEANUP_POLICY_COMPACT::equals,
                CLEANUP_POLICY_COMPACT + " alone",
                danger,
                isRequired);
    }
}
