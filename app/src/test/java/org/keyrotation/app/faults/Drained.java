package org.keyrotation.app.faults;

import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * Whether all is committed, and nothing came since it was last looked at: a record can be on its way from one of these
 * topics to another, and then is in neither look, but makes the one that it reaches longer.
 */
final class Drained {

    private final GroupOffsets offsets;
    private final Predicate<String> topics;
    private Map<TopicPartition, Long> before = Map.of();

    Drained(GroupOffsets offsets, Predicate<String> topics) {
        this.offsets = offsets;
        this.topics = topics;
    }

    boolean isSo() {
        Map<TopicPartition, Long> now = offsets.ends(topics);
        boolean still = now.equals(before);
        before = now;
        return still && offsets.uncommitted(topics).values().stream().allMatch(count -> count == 0);
    }
}
