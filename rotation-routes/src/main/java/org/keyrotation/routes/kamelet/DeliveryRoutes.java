package org.keyrotation.routes.kamelet;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.util.InetAddressUtil;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.Json;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.routes.camel.FutureProcessor;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.camel.SwitchThread;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.kafka.InFlightRecord;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.kafka.KafkaConfigValidator;
import org.keyrotation.routes.kafka.KafkaHeaders;
import org.keyrotation.routes.kafka.ParallelConsumer;
import org.keyrotation.routes.kafka.StartPolicy;
import org.keyrotation.routes.kafka.TopicProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes that deliver new keys to the route of a Kamelet: one at a time, those of a credential in their order, each at its
 * {@code usableFrom}. A key that waits holds no thread. A key is skipped once a newer one of its credential has come.
 */
final class DeliveryRoutes extends PrefixedRoutes {

    static final String CONSUME_KEYS = "consume-keys";

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryRoutes.class);
    private static final String DELIVER_KEY = "deliver-key";
    private static final String ACKNOWLEDGE_KEY = "acknowledge-key";
    private static final int CAPACITY = 2_000;

    /** One key at a time is delivered; the others wait for it, or for the acknowledgement of theirs. */
    private static final int MAX_CONCURRENCY = 64;

    private static final Duration MAX_WAIT = Duration.ofDays(1);

    /** With the pauses between them, about four minutes. */
    private static final int MAX_ACKNOWLEDGEMENT_ATTEMPTS = 12;

    /** A send that fails takes 15 seconds: meanwhile, and for as long again, the others fail at once. */
    private static final Duration ACKNOWLEDGEMENT_BACKOFF = Duration.ofSeconds(15);

    private static final String INSTANCE = InetAddressUtil.getLocalHostNameSafe();

    private final KeySourceSettings settings;
    private final Function<ConsumerRecord<byte[], byte[]>, CompletableFuture<Void>> target;
    private final Clock clock = Clock.systemUTC();

    /** The attempts to acknowledge the keys that are delivered. Their route does not get them again. */
    private final Map<InFlightRecord, Integer> acknowledgementAttempts =
            Collections.synchronizedMap(new WeakHashMap<>());

    private volatile @Nullable Instant acknowledgementFailedAt;
    private CompletableFuture<KeyDelivery> lastDelivery = new CompletableFuture<>();

    /** A new key on its way to the route. */
    private record KeyDelivery(InFlightRecord polled, ClientKeyRotated key) {}

    /** A record that is not delivered. */
    private enum Skipped {
        INSTANCE
    }

    /** @param target completes when the route has succeeded with a key */
    DeliveryRoutes(
            KeySourceSettings settings, Function<ConsumerRecord<byte[], byte[]>, CompletableFuture<Void>> target) {
        super(Prefix.ROTATION);
        this.settings = settings;
        this.target = target;
        this.lastDelivery.complete(null);
    }

    /** @throws IllegalArgumentException if the kafka component is not configured */
    @Override
    protected void routes() {
        requireKafka();
        ThreadPools pools = ThreadPools.create(getContext(), prefix());
        ParallelConsumer consumer = consumer(pools);
        consumeKeys(consumer);
        deliverKey(consumer, pools);
        acknowledgeKey(pools);
    }

    private void requireKafka() {
        List<String> problems = new KafkaConfigValidator(getContext()).problems();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    KameletProperties.translate(String.join(System.lineSeparator(), problems)));
        }
    }

    // spotless:off
    private void consumeKeys(ParallelConsumer consumer) {
        from(consumer.endpoint()).routeId(CONSUME_KEYS)
            .description("Consumes the keys topic; the offset of each key is committed once it is delivered")
            .process(consumer.enqueue());
    }

    private void deliverKey(ParallelConsumer consumer, ThreadPools pools) {
        from(direct(DELIVER_KEY)).routeId(DELIVER_KEY)
            .description("Delivers one key to the route of the Kamelet, and acknowledges it")
            .transform().body(InFlightRecord.class, polled -> toDelivery(polled, consumer))
            .filter(this::isToDeliver)
                .process(new FutureProcessor<>(KeyDelivery.class, delivery -> awaitUsable(delivery, pools)))
                .process(new FutureProcessor<>(KeyDelivery.class, delivery -> deliver(delivery, consumer, pools))).id("deliver")
            .end()
            .filter(this::isToAcknowledge)
                .enrich(direct(ACKNOWLEDGE_KEY), this::keepDelivery, true).id("acknowledge")
            .end()
            .process(ParallelConsumer::complete);
    }

    private void acknowledgeKey(ThreadPools pools) {
        TopicProducer acknowledgements = new TopicProducer(getContext(), settings.acknowledgementsTopic(), pools);
        from(direct(ACKNOWLEDGE_KEY)).routeId(ACKNOWLEDGE_KEY)
            .description("Sends the acknowledgement that the consumer uses a key")
            .process(new SwitchThread(pools.blocking()))
            .process(exchange -> requireNoRecentFailure())
            .process(this::setAcknowledgement)
            .marshal(new JacksonDataFormat(Json.mapper(), KeyAcknowledgement.class))
            .to(acknowledgements.endpoint())
            .process(acknowledgements::requireAcknowledged);
    }
    // spotless:on

    private ParallelConsumer consumer(ThreadPools pools) {
        ParallelConsumer.Settings consumer = new ParallelConsumer.Settings(
                settings.topic(),
                requireNonNullElse(settings.consumerGroup(), "rotated-client-keys-" + UUID.randomUUID()),
                CAPACITY,
                MAX_CONCURRENCY,
                directUri(DELIVER_KEY),
                settings.autoOffsetReset());
        return new ParallelConsumer(
                getContext(), pools, consumer, StartPolicy.UNTHROTTLED, () -> polled -> usable(read(polled), pools));
    }

    private Object toDelivery(InFlightRecord polled, ParallelConsumer consumer) {
        ClientKeyRotated key = read(polled.consumerRecord());
        if (key == null) {
            LOG.warn("Skipped the record {}: it is not the event of a new key", polled);
            return Skipped.INSTANCE;
        }
        return isSuperseded(polled, key, consumer) ? Skipped.INSTANCE : new KeyDelivery(polled, key);
    }

    private boolean isSuperseded(InFlightRecord polled, ClientKeyRotated key, ParallelConsumer consumer) {
        boolean isSuperseded =
                settings.waitsUntilUsable() && consumer.isFollowedBy(polled, later -> read(later) != null);
        if (isSuperseded) {
            LOG.info("Skipped the key {} of {}: a newer one has come", key.keyFingerprint(), key.credential());
        }
        return isSuperseded;
    }

    /** Returns null for a record that is no new key, such as a tombstone. */
    private static @Nullable ClientKeyRotated read(ConsumerRecord<byte[], byte[]> polled) {
        try {
            return polled.value() == null ? null : Json.mapper().readValue(polled.value(), ClientKeyRotated.class);
        } catch (IOException e) {
            return null;
        }
    }

    /** Waits again if the clock was set back, or the wait is longer than a day. */
    private CompletableFuture<KeyDelivery> awaitUsable(KeyDelivery delivery, ThreadPools pools) {
        return usable(delivery.key(), pools)
                .thenCompose(waited -> timeLeft(delivery.key()).isZero()
                        ? CompletableFuture.completedFuture(delivery)
                        : awaitUsable(delivery, pools));
    }

    private CompletableFuture<Void> usable(@Nullable ClientKeyRotated key, ThreadPools pools) {
        Duration left = key == null ? Duration.ZERO : timeLeft(key);
        return left.isZero()
                ? CompletableFuture.completedFuture(null)
                : new CompletableFuture<Void>()
                        .completeOnTimeout(null, left.toNanos(), TimeUnit.NANOSECONDS)
                        .thenRunAsync(() -> {}, pools.routing());
    }

    private Duration timeLeft(ClientKeyRotated key) {
        Instant now = clock.instant();
        if (!settings.waitsUntilUsable() || !now.isBefore(key.usableFrom())) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(now, key.usableFrom());
        return left.compareTo(MAX_WAIT) < 0 ? left : MAX_WAIT;
    }

    /** Delivers after the deliveries that were started before. */
    private synchronized CompletableFuture<KeyDelivery> deliver(
            KeyDelivery delivery, ParallelConsumer consumer, ThreadPools pools) {
        CompletableFuture<KeyDelivery> delivered = lastDelivery
                .handle((last, failure) -> delivery)
                .thenComposeAsync(turn -> deliverNow(turn, consumer), pools.blocking());
        lastDelivery = delivered;
        return delivered;
    }

    /** A newer key may have come while this one waited for its turn. */
    private CompletableFuture<KeyDelivery> deliverNow(KeyDelivery delivery, ParallelConsumer consumer) {
        if (isSuperseded(delivery.polled(), delivery.key(), consumer)) {
            return CompletableFuture.completedFuture(delivery);
        }
        return delivery.polled()
                .confirmHeld("delivering")
                .thenCompose(held -> target.apply(delivery.polled().consumerRecord()))
                .thenApply(delivered -> {
                    acknowledgementAttempts.put(delivery.polled(), 0);
                    return delivery;
                });
    }

    /** A key that is delivered already, and not acknowledged yet, is not. */
    private boolean isToDeliver(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof KeyDelivery delivery
                && !acknowledgementAttempts.containsKey(delivery.polled());
    }

    private boolean isToAcknowledge(Exchange exchange) {
        return settings.acknowledgeAs() != null
                && exchange.getMessage().getBody() instanceof KeyDelivery delivery
                && acknowledgementAttempts.containsKey(delivery.polled());
    }

    /** Without the topic, each send would occupy a delivery for its whole timeout. */
    private void requireNoRecentFailure() {
        Instant failedAt = acknowledgementFailedAt;
        if (failedAt != null && clock.instant().isBefore(failedAt.plus(ACKNOWLEDGEMENT_BACKOFF))) {
            throw new IllegalStateException("the last one failed at " + failedAt);
        }
    }

    private void setAcknowledgement(Exchange exchange) {
        Message message = exchange.getMessage();
        ClientKeyRotated key = message.getBody(KeyDelivery.class).key();
        KeyAcknowledgement acknowledgement = new KeyAcknowledgement(
                requireNonNull(settings.acknowledgeAs()),
                key.companyId(),
                key.apiCredentialId(),
                key.keyFingerprint(),
                clock.instant(),
                INSTANCE);
        message.setHeader(KafkaHeaders.KEY, acknowledgement.recordKey());
        message.setBody(acknowledgement);
    }

    /**
     * Aggregation strategy: keeps the original exchange, and fails it if the acknowledgement has failed: the key is acknowledged again
     * after a backoff, and not delivered again. After many attempts it completes all the same, because an acknowledgement only informs.
     */
    private Exchange keepDelivery(Exchange original, Exchange acknowledged) {
        Exception failure = acknowledged.getException();
        KeyDelivery delivery = original.getMessage().getBody(KeyDelivery.class);
        if (failure == null) {
            acknowledgementFailedAt = null;
            return original;
        }
        if (!(failure instanceof IllegalStateException)) {
            acknowledgementFailedAt = clock.instant();
        }
        String problem = "The key %s of %s is delivered, but its acknowledgement could not be sent to %s: %s"
                .formatted(
                        delivery.key().keyFingerprint(),
                        delivery.key().credential(),
                        settings.acknowledgementsTopic(),
                        KafkaClients.reason(failure));
        int attempts = acknowledgementAttempts.merge(delivery.polled(), 1, Integer::sum);
        if (attempts < MAX_ACKNOWLEDGEMENT_ATTEMPTS) {
            original.setException(new IllegalStateException(problem));
        } else {
            LOG.warn("{}; giving up", problem);
        }
        return original;
    }
}
