package org.keyrotation.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a request was first found. Its text, {@code topic-partition-offset}, names a request that has no id. */
public record RequestSource(
        String topic, @JsonProperty(required = true) int partition, @JsonProperty(required = true) long offset) {

    private static final Pattern TEXT = Pattern.compile("([A-Za-z0-9._-]{1,249})-(\\d{1,10})-(\\d{1,19})");

    /** @throws IllegalArgumentException without a topic, or for a negative number */
    public RequestSource {
        new FieldRules()
                .present("topic", topic)
                .require(partition >= 0, "partition must not be negative")
                .require(offset >= 0, "offset must not be negative")
                .check();
    }

    /**
     * The reverse of {@link #toString()}.
     *
     * @throws IllegalArgumentException for any other text, without quoting it
     */
    public static RequestSource parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a source must be topic-partition-offset");
        }
        return new RequestSource(parts.group(1), Integer.parseInt(parts.group(2)), Long.parseLong(parts.group(3)));
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "-" + offset;
    }
}
