package org.keyrotation.routes.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StartPolicyTest {

    @Test
    void flowIsThePartOfTheKeyBeforeTheSlash() {
        assertThat(flowOf("AcmeCorp/S2-1")).isEqualTo("AcmeCorp");
        assertThat(flowOf("x".repeat(100) + "/1")).hasSize(100);
    }

    @Test
    void flowIsEmptyWithoutASlashInTheKey() {
        assertThat(flowOf("x".repeat(101) + "/1")).isEmpty();
        assertThat(flowOf("Acme")).isEmpty();
        assertThat(flowOf(null)).isEmpty();
    }

    @Test
    @Tag("I1")
    void unthrottledFlowsAreServedFairly() {
        FairQueue queue = new FairQueue(StartPolicy.UNTHROTTLED, 16, () -> 0);
        Stream.of("Acme/1", "Acme/2", "Acme/3", "Other/1").forEach(key -> queue.add(inFlight(key)));

        assertThat(Stream.generate(queue::poll).takeWhile(Objects::nonNull))
                .extracting(each -> new String(each.consumerRecord().key(), UTF_8))
                .containsExactly("Acme/1", "Other/1", "Acme/2", "Acme/3");
    }

    private static InFlightRecord inFlight(String key) {
        GroupLease lease = new GroupLease(Duration.ofSeconds(45), () -> 0, () -> 0);
        return new InFlightRecord(consumerRecord(key), flowOf(key), 1, lease);
    }

    private static String flowOf(@Nullable String key) {
        return StartPolicy.UNTHROTTLED.flowOf(consumerRecord(key));
    }

    private static ConsumerRecord<byte[], byte[]> consumerRecord(@Nullable String key) {
        byte[] bytes = key == null ? null : key.getBytes(UTF_8);
        return new ConsumerRecord<>("rotation.requests.retry.1", 0, 0, bytes, new byte[0]);
    }
}
