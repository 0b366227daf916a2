package org.keyrotation.routes.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class InFlightRecordTest {

    private final AtomicLong nanoTime = new AtomicLong();
    private final GroupLease lease = new GroupLease(Duration.ofSeconds(45), () -> 0, nanoTime::get);

    @Test
    @Tag("I2")
    void ownershipIsHeldUntilTheLeaseExpiresOrTheRecordIsRevoked() {
        InFlightRecord polled = polled("Acme/1");
        assertThat(polled.isHeld()).isTrue();

        nanoTime.set(Duration.ofSeconds(46).toNanos());
        assertThat(polled.isHeld()).isFalse();
        lease.renew();
        assertThat(polled.isHeld()).isTrue();

        polled.revoke();
        lease.renew();
        assertThat(polled.isHeld()).isFalse();
    }

    @Test
    @Tag("I2")
    void recordsWithTheSameKeyHaveTheSameOrderingKeyAndRecordsWithoutAKeyTheirOwn() {
        assertThat(polled("Acme/1").orderingKey()).isEqualTo(polled("Acme/1").orderingKey());
        assertThat(polled("Acme/1").orderingKey()).isNotEqualTo(polled("Acme/2").orderingKey());
        assertThat(polled(null).orderingKey()).isNotEqualTo(polled(null).orderingKey());
    }

    @Test
    void sizeIsTheSumOfKeyValueAndHeaders() {
        InFlightRecord polled = polled("Acme/1");
        polled.consumerRecord().headers().add("name", new byte[100]).add("empty", null);

        assertThat(polled.sizeInBytes()).isEqualTo("Acme/1".length() + "content".length() + 4 + 100 + 5);
    }

    @Test
    @Tag("I6")
    void textShowsTopicPartitionAndOffsetButNoContent() {
        assertThat(polled("Acme/1")).hasToString("rotation.requests-3@10");
    }

    private InFlightRecord polled(@Nullable String key) {
        byte[] bytes = key == null ? null : key.getBytes(UTF_8);
        return new InFlightRecord(
                new ConsumerRecord<>("rotation.requests", 3, 10, bytes, "content".getBytes(UTF_8)), "", 4, lease);
    }
}
