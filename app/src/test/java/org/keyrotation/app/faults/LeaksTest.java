package org.keyrotation.app.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which records give a secret away. */
class LeaksTest {

    private static final String CLIENT_KEY = "test_" + "A1".repeat(16);
    private static final String API_KEY = "AQE+[key]";

    private final Leaks leaks = new Leaks(API_KEY);

    @Test
    @DisplayName("I6: a secret in a key, a value or a header is found")
    void aSecretInAKeyAValueOrAHeaderIsFound() {
        for (String secret : new String[] {CLIENT_KEY, API_KEY}) {
            assertThat(leaks.in(found("k" + secret, "value", "header"))).isTrue();
            assertThat(leaks.in(found("key", "{\"" + secret + "\"}", "header"))).isTrue();
            assertThat(leaks.in(found("key", "value", secret))).isTrue();
        }
    }

    @Test
    void aTombstoneAndWhatIsNoSecretAreFine() {
        assertThat(leaks.in(found("Acme/S2-1", "{\"keyFingerprint\":\"sha256:60303ae22b998861\"}", "test_1")))
                .isFalse();
        assertThat(leaks.in(new ConsumerRecord<>("ledger", 0, 0, null, null))).isFalse();
    }

    private static ConsumerRecord<byte[], byte[]> found(String key, String value, String header) {
        ConsumerRecord<byte[], byte[]> found =
                new ConsumerRecord<>("ledger", 0, 0, key.getBytes(UTF_8), value.getBytes(UTF_8));
        found.headers().add("rotation-last-error", header.getBytes(UTF_8));
        return found;
    }
}
