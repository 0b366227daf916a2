package org.keyrotation.app.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Requests, and entries of the ledger, onto their topics. */
final class Load implements AutoCloseable {

    static final String COMPANY = "Bench";

    /**
     * A request is satisfied by a key that is newer, so those of one credential each ask for one that is newer than the
     * run will be. The service takes what is less than a minute ahead of its clock.
     */
    private static final Duration AHEAD = Duration.ofSeconds(55);

    private final KafkaProducer<String, byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    Load(String brokers, Duration linger) {
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers, "acks", "all", "linger.ms", Long.toString(linger.toMillis())),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** As a record's key. */
    static String name(String credential) {
        return COMPANY + "/" + credential;
    }

    static String credential(int number) {
        return "S2-" + number;
    }

    /** Of the key of each credential: equal for the same keys, and hardly for others. */
    static long checksum(Map<String, String> keys) {
        return keys.entrySet().stream()
                .mapToLong(each -> each.toString().hashCode())
                .sum();
    }

    static String requestId(int number) {
        return "request-" + number;
    }

    static int number(String requestId) {
        return Integer.parseInt(requestId.substring("request-".length()));
    }

    void requests(String topic, int count, int credentials) {
        long at = System.currentTimeMillis() + (credentials < count ? AHEAD.toMillis() : 0);
        for (int i = 0; i < count; i++) {
            request(topic, i, credentials, at);
        }
        flush();
    }

    void request(String topic, int number, int credentials, long at) {
        String credential = credential(number % credentials);
        String json = "{\"requestId\":\"%s\",\"companyId\":\"%s\",\"apiCredentialId\":\"%s\",\"force\":true}"
                .formatted(requestId(number), COMPANY, credential);
        send(new ProducerRecord<>(topic, null, at, name(credential), json.getBytes(UTF_8)));
    }

    /** Of credentials that no request names, with two settled requests each. */
    void ledger(String topic, int count) {
        String entry = "{\"revision\":6,\"firstSeenAt\":\"%1$s\",\"lastRotationAt\":\"%1$s\",\"settled\":"
                + "[\"0b5c7a52-3c0e-4b0e-9a43-5d1f0f6f2a11\",\"7d1c2b1e-93f5-4c2e-8a57-2f7a3f1f9b22\"]}";
        byte[] json = entry.formatted(Instant.now().minus(Duration.ofDays(3))).getBytes(UTF_8);
        for (int i = 0; i < count; i++) {
            send(new ProducerRecord<>(topic, name("known-" + i), json));
        }
        flush();
    }

    private void send(ProducerRecord<String, byte[]> message) {
        var unused = producer.send(message, (sent, e) -> {
            if (e != null) {
                failure.set(e);
            }
        });
    }

    /** Returns once all is acknowledged. */
    void flush() {
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("not acknowledged", failed);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
