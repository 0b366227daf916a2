package org.keyrotation.routes.adoption;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.routes.camel.RepeatedWarning;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Counters and log lines of the acknowledgements that are ignored. A line quotes valid ids only: the rest is a stranger's text.
 * A record that is older than this instance has had its line.
 */
final class IgnoredAcknowledgements {

    private static final Logger LOG = LoggerFactory.getLogger(IgnoredAcknowledgements.class);

    private final long startedAt = System.currentTimeMillis();
    private final RepeatedWarning warning = new RepeatedWarning();
    private final Counter invalid;
    private final Counter unexpectedConsumer;
    private final Counter unknownCredential;

    IgnoredAcknowledgements(MeterRegistry meters) {
        this.invalid = counter("invalid", meters);
        this.unexpectedConsumer = counter("unexpected-consumer", meters);
        this.unknownCredential = counter("unknown-credential", meters);
    }

    private static Counter counter(String reason, MeterRegistry meters) {
        return Counter.builder("rotation.adoption.ignored")
                .description("Acknowledgements that were ignored, by reason")
                .tag("reason", reason)
                .register(meters);
    }

    void invalid(ConsumerRecord<byte[], byte[]> polled, String problem) {
        ignore(invalid, polled, problem);
    }

    void unexpectedConsumer(ConsumerRecord<byte[], byte[]> polled, KeyAcknowledgement of) {
        ignore(
                unexpectedConsumer,
                polled,
                "rotation.adoption.consumers does not expect " + of.consumer() + " for " + of.credential());
    }

    void unknownCredential(ConsumerRecord<byte[], byte[]> polled, KeyAcknowledgement of) {
        ignore(unknownCredential, polled, "the ledger does not know " + of.credential() + ", of " + of.consumer());
    }

    private void ignore(Counter counter, ConsumerRecord<byte[], byte[]> polled, String problem) {
        counter.increment();
        LOG.atLevel(polled.timestamp() < startedAt ? Level.DEBUG : warning.level(counter.getId()))
                .log(
                        "Ignored the acknowledgement {}-{}@{}: {}",
                        polled.topic(),
                        polled.partition(),
                        polled.offset(),
                        problem);
    }
}
