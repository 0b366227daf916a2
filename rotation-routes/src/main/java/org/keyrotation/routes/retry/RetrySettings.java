package org.keyrotation.routes.retry;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.keyrotation.routes.config.InvisibleCharacters;
import org.keyrotation.routes.config.SettingsReader;

/**
 * Settings of the retry topics, {@code rotation.retry.delays} and {@code rotation.topics.retry-prefix}.
 *
 * @param requestsTopic the topic to which requests return
 * @param groupId the consumer group of the requests topic; see {@link #groupIdOf} for those of the retry topics
 * @param topics for the first, the second, … deferral; the last one repeats
 */
public record RetrySettings(String requestsTopic, String groupId, List<RetryTopic> topics) {

    private static final Duration MIN_DELAY = Duration.ofMillis(100);
    private static final Duration MAX_DELAY = Duration.ofDays(1);
    private static final int MAX_TOPICS = 10;

    public RetrySettings {
        topics = List.copyOf(topics);
    }

    /** Reads the settings of the retry topics. The reader collects invalid ones as problems. */
    public static RetrySettings read(SettingsReader in, String requestsTopic, String groupId) {
        String prefix = in.topicPrefix("rotation.topics.retry-prefix", "rotation.requests.retry");
        List<Duration> delays = in.value(
                "rotation.retry.delays",
                "PT10S,PT1M,PT10M",
                RetrySettings::durations,
                "a comma-separated list of 1 to 10 ISO-8601 durations from PT0.1S to PT24H",
                RetrySettings::areDelays);
        List<RetryTopic> topics = IntStream.range(0, delays.size())
                .mapToObj(i -> new RetryTopic(prefix + "." + (i + 1), delays.get(i)))
                .toList();
        topics.forEach(topic -> in.reserveTopic("rotation.topics.retry-prefix", topic.name()));
        return new RetrySettings(requestsTopic, groupId, topics);
    }

    /** Returns the consumer group of a retry topic. */
    public String groupIdOf(String retryTopic) {
        return groupId + "." + retryTopic;
    }

    RetryTopic topicFor(int deferrals) {
        return topics.get(Math.min(deferrals, topics.size()) - 1);
    }

    private static List<Duration> durations(String list) {
        return Stream.of(list.split(","))
                .map(InvisibleCharacters::strip)
                .map(Duration::parse)
                .toList();
    }

    private static boolean areDelays(List<Duration> delays) {
        return delays.size() <= MAX_TOPICS
                && delays.stream().allMatch(d -> d.compareTo(MIN_DELAY) >= 0 && d.compareTo(MAX_DELAY) <= 0);
    }
}
