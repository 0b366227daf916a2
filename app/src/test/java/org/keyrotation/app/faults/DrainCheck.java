package org.keyrotation.app.faults;

import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * Checks twice that everything is committed, with equal end offsets. A record that moves from one topic to another can
 * be missing from both in one check, but makes the second topic longer.
 */
final class DrainCheck {

    private final GroupOffsets offsets;
    private final Predicate<String> topics;
    private Map<TopicPartition, Long> previousEndOffsets = Map.of();

    DrainCheck(GroupOffsets offsets, Predicate<String> topics) {
        this.offsets = offsets;
        this.topics = topics;
    }

    boolean isDrained() {
        Map<TopicPartition, Long> endOffsets = offsets.endOffsets(topics);
        boolean isUnchanged = endOffsets.equals(previousEndOffsets);
        previousEndOffsets = endOffsets;
        return isUnchanged && offsets.uncommitted(topics).values().stream().allMatch(count -> count == 0);
    }
}
