package org.keyrotation.app.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.Json;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.LedgerEntry;

/** Produces requests and ledger entries. */
final class LoadGenerator implements AutoCloseable {

    static final String COMPANY = "Bench";

    /**
     * A newer key satisfies a request. Repeated requests of a credential therefore have a time after the end of the
     * run; the service accepts up to a minute ahead of its clock.
     */
    private static final Duration REQUESTED_AT_LEAD = Duration.ofSeconds(55);

    private final KafkaProducer<String, byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    LoadGenerator(String brokers, Duration linger) {
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers, "acks", "all", "linger.ms", Long.toString(linger.toMillis())),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** The key of the record. */
    static String name(String credential) {
        return COMPANY + "/" + credential;
    }

    static String credential(int number) {
        return "S2-" + number;
    }

    /** A checksum of each credential's key. */
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
        long at = System.currentTimeMillis() + (credentials < count ? REQUESTED_AT_LEAD.toMillis() : 0);
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

    /** Entries of credentials that no request names, as the service writes them after two rotations. */
    void ledger(String topic, int count) {
        byte[] json = entry(Instant.now().minus(Duration.ofDays(3)));
        for (int i = 0; i < count; i++) {
            send(new ProducerRecord<>(topic, name("known-" + i), json));
        }
        flush();
    }

    private static byte[] entry(Instant rotatedAt) {
        LastKey key = new LastKey(
                "sha256:9f86d081884c7d65",
                "sha256:60303ae22b998861",
                rotatedAt.plusSeconds(300),
                rotatedAt.plus(Duration.ofDays(1)),
                null,
                null);
        List<String> settled =
                List.of(UUID.randomUUID().toString(), UUID.randomUUID().toString());
        LedgerEntry entry = new LedgerEntry(4, rotatedAt, rotatedAt, null, null, settled, rotatedAt, key, null, null);
        try {
            return Json.mapper().writeValueAsBytes(entry);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(ProducerRecord<String, byte[]> message) {
        var unused = producer.send(message, (sent, e) -> {
            if (e != null) {
                failure.set(e);
            }
        });
    }

    /** Returns once Kafka has acknowledged all records. */
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
