package org.keyrotation.app.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** The records in which the scanner finds a secret. */
class SecretScannerTest {

    private static final String CLIENT_KEY = "test_" + "A1".repeat(16);
    private static final String API_KEY = "AQE+[key]";

    private final SecretScanner scanner = new SecretScanner(API_KEY);

    @Test
    void secretInAKeyAValueOrAHeaderIsFound() {
        for (String secret : new String[] {CLIENT_KEY, API_KEY}) {
            assertThat(scanner.containsSecret(record("k" + secret, "value", "header")))
                    .isTrue();
            assertThat(scanner.containsSecret(record("key", "{\"" + secret + "\"}", "header")))
                    .isTrue();
            assertThat(scanner.containsSecret(record("key", "value", secret))).isTrue();
        }
    }

    @Test
    void tombstoneAndFingerprintAreNoSecrets() {
        assertThat(scanner.containsSecret(
                        record("Acme/S2-1", "{\"keyFingerprint\":\"sha256:60303ae22b998861\"}", "test_1")))
                .isFalse();
        assertThat(scanner.containsSecret(new ConsumerRecord<>("ledger", 0, 0, null, null)))
                .isFalse();
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, String value, String header) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("ledger", 0, 0, key.getBytes(UTF_8), value.getBytes(UTF_8));
        record.headers().add("rotation-last-error", header.getBytes(UTF_8));
        return record;
    }
}
