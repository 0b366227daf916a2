package org.keyrotation.routes.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.ThreadPools;

@Tag("I5")
class TopicProducerTest {

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
        void exchangeWithTheMetadataOfItsRecordIsAcknowledged() {
            original.getMessage().setHeader(KafkaHeaders.RECORD_META, List.of());

            producer.markAcknowledged(original);

            assertThatCode(() -> TopicProducer.requireAcknowledged(original)).doesNotThrowAnyException();
        }

        @Test
        void exchangeWithoutTheMetadataIsNotAcknowledged() {
            producer.markAcknowledged(original);

            assertThatNotAcknowledged(() -> TopicProducer.requireAcknowledged(original));
        }

        @Test
        void exchangeThatWasNeverSentIsNotAcknowledged() {
            assertThatNotAcknowledged(() -> TopicProducer.requireAcknowledged(original));
        }

        @Test
        void exchangeWithNothingToSendNeedsNoAcknowledgement() {
            TopicProducer.markNothingToSend(original);

            assertThatCode(() -> TopicProducer.requireAcknowledged(original)).doesNotThrowAnyException();
        }

        @Test
        void clearedAcknowledgementOfAPreviousSendDoesNotCount() {
            TopicProducer.markNothingToSend(original);

            TopicProducer.clearAcknowledged(original);

            assertThatNotAcknowledged(() -> TopicProducer.requireAcknowledged(original));
        }

        @Test
        void handlerRouteCannotCompleteWithoutAcknowledgement() {
            assertThatNotAcknowledged(() -> ParallelConsumer.complete(original));
            assertThat(original.getMessage().getBody()).isEqualTo("original");
        }
    }

    @Nested
    class Aggregation {

        private final Exchange sent = exchange("sent");

        @Test
        void acknowledgedSendKeepsTheOriginalBody() {
            TopicProducer.markNothingToSend(sent);

            Exchange result = TopicProducer.copyAcknowledged(original, sent);

            assertThat(result).isSameAs(original);
            assertThat(original.getMessage().getBody()).isEqualTo("original");
            assertThatCode(() -> TopicProducer.requireAcknowledged(original)).doesNotThrowAnyException();
        }

        @Test
        void failedSendFailsTheOriginalAndKeepsItsBody() {
            IllegalStateException failure = new IllegalStateException("planted");
            sent.setException(failure);

            Exchange result = TopicProducer.copyAcknowledged(original, sent);

            assertThat(result).isSameAs(original);
            assertThat(original.getException()).isSameAs(failure);
            assertThat(original.getMessage().getBody()).isEqualTo("original");
            assertThatNotAcknowledged(() -> TopicProducer.requireAcknowledged(original));
        }

        @Test
        void unacknowledgedSendIsRejectedThoughThePreviousOneWasAcknowledged() {
            TopicProducer.markNothingToSend(original);

            assertThatNotAcknowledged(() -> TopicProducer.copyAcknowledged(original, sent));
            assertThatNotAcknowledged(() -> TopicProducer.requireAcknowledged(original));
        }

        @Test
        void sendWithoutAResultIsRejected() {
            assertThatNotAcknowledged(() -> TopicProducer.copyAcknowledged(original, null));
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
