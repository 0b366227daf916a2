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
import org.keyrotation.model.RequestSource;
import org.keyrotation.routes.kafka.KafkaHeaders;
import org.keyrotation.routes.kafka.Taken;
import org.keyrotation.routes.publish.PublishSettings.RetryTopic;

/** A record of a retry topic, when its delay is over: it goes back with its history, or waits once more. */
public final class RetryDelay {

    private final RetryTopic topic;
    private final String requestsTopic;
    private final Clock clock;
    private final Executor executor;

    /** @param executor of what is due: a host may keep the JVM's own pool busy */
    public RetryDelay(RetryTopic topic, String requestsTopic, Clock clock, Executor executor) {
        this.topic = topic;
        this.requestsTopic = requestsTopic;
        this.clock = clock;
        this.executor = executor;
    }

    public CompletableFuture<Void> due(ConsumerRecord<byte[], byte[]> message) {
        Instant dueAt = Instant.ofEpochMilli(message.timestamp()).plus(topic.delay());
        long wait = Math.max(0, Duration.between(clock.instant(), dueAt).toMillis());
        return CompletableFuture.runAsync(
                () -> {},
                CompletableFuture.delayedExecutor(
                        Math.min(wait, topic.delay().toMillis()), TimeUnit.MILLISECONDS, executor));
    }

    /** The API may have asked for a longer wait than the topic's delay: then it waits here again. */
    public void address(Exchange exchange) {
        Message message = exchange.getMessage();
        ConsumerRecord<byte[], byte[]> due = message.getBody(Taken.class).message();
        RequestSource foundAt = new RequestSource(due.topic(), due.partition(), due.offset());
        RetryMetadata deferral = RetryMetadata.read(due.headers(), foundAt, clock.instant());
        Instant notBefore = deferral.notBefore();
        boolean early = notBefore != null && notBefore.isAfter(clock.instant());
        message.removeHeaders("*");
        message.setHeaders(deferral.headers());
        message.setHeader(KafkaHeaders.KEY, due.key());
        message.setHeader(KafkaHeaders.OVERRIDE_TOPIC, early ? topic.name() : requestsTopic);
        message.setHeader(KafkaHeaders.OVERRIDE_TIMESTAMP, clock.millis());
        message.setBody(due.value());
    }
}
