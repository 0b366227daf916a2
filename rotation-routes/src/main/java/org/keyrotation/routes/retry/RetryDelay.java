package org.keyrotation.routes.retry;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.keyrotation.routes.kafka.InFlightRecord;
import org.keyrotation.routes.kafka.KafkaHeaders;

/** The delay of a retry topic. A due record returns to the requests topic, or waits on the retry topic once more. */
final class RetryDelay {

    private final RetryTopic topic;
    private final String requestsTopic;
    private final Clock clock;
    private final Executor executor;

    /** @param executor completes the delays; a host application may keep the JVM's common pool busy */
    RetryDelay(RetryTopic topic, String requestsTopic, Clock clock, Executor executor) {
        this.topic = topic;
        this.requestsTopic = requestsTopic;
        this.clock = clock;
        this.executor = executor;
    }

    /** Returns a future that completes when the delay of this record is over. */
    CompletableFuture<Void> elapsed(ConsumerRecord<byte[], byte[]> waiting) {
        long wait =
                Math.max(0, Duration.between(clock.instant(), dueAt(waiting)).toMillis());
        return CompletableFuture.runAsync(
                () -> {},
                CompletableFuture.delayedExecutor(
                        Math.min(wait, topic.delay().toMillis()), TimeUnit.MILLISECONDS, executor));
    }

    /**
     * Sets the headers of the next record. It goes to this topic again if the API has asked for a longer wait. Time counts as
     * passed by the delay since the record's own time: a clock that is set back does not prolong the wait.
     */
    void setHeaders(Exchange exchange) {
        Message message = exchange.getMessage();
        ConsumerRecord<byte[], byte[]> due =
                message.getBody(InFlightRecord.class).consumerRecord();
        RetryMetadata metadata = RetryMetadata.read(due, clock.instant());
        Instant notBefore = metadata.notBefore();
        Instant now = latest(clock.instant(), dueAt(due));
        boolean isEarly = notBefore != null && notBefore.isAfter(now);
        message.removeHeaders("*");
        message.setHeaders(metadata.headers());
        message.setHeader(KafkaHeaders.KEY, due.key());
        message.setHeader(KafkaHeaders.OVERRIDE_TOPIC, isEarly ? topic.name() : requestsTopic);
        message.setHeader(KafkaHeaders.OVERRIDE_TIMESTAMP, isEarly ? now.toEpochMilli() : clock.millis());
        message.setBody(due.value());
    }

    private Instant dueAt(ConsumerRecord<byte[], byte[]> waiting) {
        return Instant.ofEpochMilli(waiting.timestamp()).plus(topic.delay());
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
