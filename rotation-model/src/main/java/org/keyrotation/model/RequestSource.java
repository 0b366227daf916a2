package org.keyrotation.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Kafka record in which a request first arrived. Its text, {@code topic-partition-offset}, identifies a request that has
 * no id of its own.
 *
 * @param topic the topic of the record
 * @param partition the partition of the record, from 0
 * @param offset the offset of the record, from 0
 */
public record RequestSource(
        String topic, @JsonProperty(required = true) int partition, @JsonProperty(required = true) long offset) {

    private static final Pattern TEXT = Pattern.compile("([A-Za-z0-9._-]{1,249})-(\\d{1,10})-(\\d{1,19})");

    /** @throws IllegalArgumentException if the topic is missing or a number is negative */
    public RequestSource {
        new FieldRules()
                .notNull("topic", topic)
                .require(partition >= 0, "partition: invalid value, expected 0 or more")
                .require(offset >= 0, "offset: invalid value, expected 0 or more")
                .check();
    }

    /**
     * Parses the text that {@link #toString()} returns.
     *
     * @throws IllegalArgumentException if the text is not a source; the message does not quote it
     */
    public static RequestSource parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("source: invalid value, expected topic-partition-offset");
        }
        return new RequestSource(parts.group(1), Integer.parseInt(parts.group(2)), Long.parseLong(parts.group(3)));
    }

    /** {@code topic-partition-offset}. */
    @Override
    public String toString() {
        return topic + "-" + partition + "-" + offset;
    }
}
