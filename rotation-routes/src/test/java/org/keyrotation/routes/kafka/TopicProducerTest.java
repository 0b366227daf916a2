package org.keyrotation.routes.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.ThreadPools;

@Tag("I5")
class TopicProducerTest {

    private static final RecordMetadata METADATA =
            new RecordMetadata(new TopicPartition("rotation.keys", 0), 42, 0, 0, 1, 1);

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final TopicProducer producer =
            new TopicProducer(context, "rotation.keys", ThreadPools.create(context, Prefix.ROTATION));
    private final Exchange original = exchange("original");

    @AfterEach
    void stop() {
        context.stop();
    }

    @Nested
    class Acknowledgement {

        @Test
        void acknowledgementReplacesTheMessage() {
            original.getMessage().setHeader(KafkaHeaders.RECORD_META, List.of(METADATA));

            producer.requireAcknowledged(original);

            assertThat(original.getMessage().getBody()).isEqualTo(METADATA);
            assertThat(original.getMessage().getHeaders()).isEmpty();
        }

        @Test
        void exchangeWithoutTheMetadataOfItsRecordIsNotAcknowledged() {
            assertThatNotAcknowledged(() -> producer.requireAcknowledged(original));
        }

        @Test
        void exchangeWithoutAnyRecordIsNotAcknowledged() {
            original.getMessage().setHeader(KafkaHeaders.RECORD_META, List.of());

            assertThatNotAcknowledged(() -> producer.requireAcknowledged(original));
        }
    }

    @Test
    void sendSwitchesThreadsUntilItsOwnTopicHasAnAcknowledgement() {
        original.getMessage().setHeader(KafkaHeaders.RECORD_META, List.of(METADATA));
        producer.requireAcknowledged(original);

        assertThat(isSentInline("rotation.keys")).isTrue();
        assertThat(isSentInline("rotation.failures")).isFalse();
    }

    private boolean isSentInline(String topic) {
        Exchange sending = exchange("sending");
        sending.getMessage().setHeader(KafkaHeaders.OVERRIDE_TOPIC, topic);
        return producer.selectThread().process(sending, doneSync -> {});
    }

    @Nested
    class Aggregation {

        private final Exchange sent = exchange("sent");

        @Test
        void acknowledgedSendKeepsTheOriginalBody() {
            sent.getMessage().setBody(METADATA);

            Exchange result = TopicProducer.keepOriginal(original, sent);

            assertThat(result).isSameAs(original);
            assertThat(original.getMessage().getBody()).isEqualTo("original");
            assertThat(original.getException()).isNull();
        }

        @Test
        void failedSendFailsTheOriginalAndKeepsItsBody() {
            IllegalStateException failure = new IllegalStateException("planted");
            sent.setException(failure);

            Exchange result = TopicProducer.keepOriginal(original, sent);

            assertThat(result).isSameAs(original);
            assertThat(original.getException()).isSameAs(failure);
            assertThat(original.getMessage().getBody()).isEqualTo("original");
        }

        @Test
        void sendThatWasStoppedIsNotAcknowledged() {
            assertThatNotAcknowledged(() -> TopicProducer.keepOriginal(original, sent));
        }
    }

    private Exchange exchange(String body) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(body);
        return exchange;
    }

    private static void assertThatNotAcknowledged(ThrowingCallable check) {
        assertThatThrownBy(check)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Kafka did not acknowledge the record");
    }
}
