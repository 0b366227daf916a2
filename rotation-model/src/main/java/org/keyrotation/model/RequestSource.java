package org.keyrotation.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a request was first found. Its text, {@code topic-partition-offset}, names a request that has no id. */
public record RequestSource(
        String topic, @JsonProperty(required = true) int partition, @JsonProperty(required = true) long offset) {

    /** @throws IllegalArgumentException without a topic, or for a negative number */
    public RequestSource {
        new Rules()
                .present("topic", topic)
                .require(partition >= 0, "partition must not be negative")
                .require(offset >= 0, "offset must not be negative")
                .check();
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "-" + offset;
    }
}
