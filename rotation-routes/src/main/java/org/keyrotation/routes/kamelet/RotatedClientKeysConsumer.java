package org.keyrotation.routes.kamelet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.camel.support.DefaultConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.kafka.KafkaHeaders;
import org.keyrotation.routes.kafka.NotReadyReason;

/**
 * A Camel consumer that delivers new keys to its route. While it is started, {@link DeliveryRoutes} run in a Camel context of
 * their own.
 */
final class RotatedClientKeysConsumer extends DefaultConsumer {

    private final KeySourceSettings settings;
    private volatile @Nullable IsolatedCamelContext deliveryRoutes;

    RotatedClientKeysConsumer(Endpoint endpoint, Processor processor, KeySourceSettings settings) {
        super(endpoint, processor);
        this.settings = settings;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        setHealthCheck(new KeySourceHealthCheck("rotated-client-keys-" + getRouteId()));
        deliveryRoutes = IsolatedCamelContext.start(
                getEndpoint().getCamelContext(),
                settings.bootstrapServers(),
                new DeliveryRoutes(settings, this::deliver));
    }

    @Override
    protected void doStop() throws Exception {
        IsolatedCamelContext started = deliveryRoutes;
        if (started != null) {
            started.close();
        }
        super.doStop();
    }

    /** Completes when the route has succeeded with the key. */
    private CompletableFuture<Void> deliver(ConsumerRecord<byte[], byte[]> key) {
        Exchange exchange = createExchange(false);
        setMessage(exchange.getMessage(), key);
        return getAsyncProcessor().processAsync(exchange).thenAccept(this::requireSuccess);
    }

    /** Of the record's headers, the message has the attributes of the CloudEvent alone. */
    private static void setMessage(Message message, ConsumerRecord<byte[], byte[]> key) {
        for (Header header : key.headers()) {
            if (header.value() != null
                    && (header.key().startsWith("ce_") || header.key().equals("content-type"))) {
                message.setHeader(header.key(), new String(header.value(), UTF_8));
            }
        }
        message.setHeader(KafkaHeaders.KEY, new String(key.key(), UTF_8));
        message.setHeader(KafkaHeaders.TOPIC, key.topic());
        message.setHeader(KafkaHeaders.PARTITION, key.partition());
        message.setHeader(KafkaHeaders.OFFSET, key.offset());
        message.setBody(new String(key.value(), UTF_8));
    }

    /** The message of an exception may quote the body, which is a client key: only its type is reported. */
    private void requireSuccess(Exchange exchange) {
        Exception failure = exchange.getException();
        boolean isFailed = failure != null || exchange.isRollbackOnly() || exchange.isRollbackOnlyLast();
        releaseExchange(exchange, false);
        if (isFailed) {
            throw new IllegalStateException("The route %s failed%s"
                    .formatted(
                            getRouteId(),
                            failure == null ? "" : " with " + failure.getClass().getName()));
        }
    }

    /** Health check that is UP while new keys are being read. */
    private final class KeySourceHealthCheck extends AbstractHealthCheck {

        KeySourceHealthCheck(String id) {
            super("camel", id);
        }

        @Override
        public boolean isLiveness() {
            return false;
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            IsolatedCamelContext started = deliveryRoutes;
            NotReadyReason reason = started == null
                    ? NotReadyReason.retryable("The route " + getRouteId() + " is not started")
                    : started.notReadingReason(Prefix.ROTATION.id(DeliveryRoutes.CONSUME_KEYS));
            if (reason == null) {
                builder.up();
            } else {
                builder.message(reason.text()).detail("reason", reason.text()).down();
            }
        }
    }
}
