package org.keyrotation.routes.adoption;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.CredentialStatus.Adoption;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.routes.kafka.CompactedTopicReader;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerEntry;

/**
 * Who has adopted the current keys: the acknowledgements of the expected consumers, and what their consumer groups have
 * received. It only informs: no rotation and no revocation follows from it.
 */
public final class KeyAdoption extends ServiceSupport {

    private static final Map<String, Object> CONSUMER = Map.of(
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000",
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "5000",
            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");

    private final CamelContext context;
    private final AdoptionSettings settings;
    private final KafkaClients clients;
    private final Acknowledgements acknowledgements;
    private final GroupOffsets offsets;
    private final CompactedTopicReader reader;
    private volatile @Nullable ExecutorService executor;

    public KeyAdoption(
            CamelContext context, AdoptionSettings settings, String keysTopic, Ledger ledger, MeterRegistry meters) {
        this.context = context;
        this.settings = settings;
        this.clients = new KafkaClients(context);
        this.acknowledgements =
                new Acknowledgements(settings.expected()::of, keyLedger(ledger), new IgnoredAcknowledgements(meters));
        this.offsets = new GroupOffsets(clients, keysTopic, settings.expected().names());
        this.reader = new CompactedTopicReader(settings.topic(), acknowledgements, () -> clients.consumer(CONSUMER));
    }

    private static Acknowledgements.KeyLedger keyLedger(Ledger ledger) {
        return new Acknowledgements.KeyLedger() {
            @Override
            public boolean isKnown(CredentialId credential) {
                return ledger.isKnown(credential);
            }

            @Override
            public @Nullable LastKey lastKey(CredentialId credential) {
                return ledger.entry(credential).lastKey();
            }
        };
    }

    /**
     * Reads the acknowledgements to their end, and looks up the offsets of the consumer groups. The ledger must have been read. A
     * topic that does not exist has no acknowledgements.
     *
     * @throws IllegalStateException if the brokers do not answer, or the acknowledgements cannot be read in time
     */
    public synchronized void update() throws InterruptedException, ExecutionException {
        if (clients.exists(settings.topic())) {
            readToEnd();
        }
        offsets.update();
    }

    private void readToEnd() throws InterruptedException, ExecutionException {
        if (executor == null) {
            ExecutorService started =
                    context.getExecutorServiceManager().newSingleThreadExecutor(this, "rotation-adoption");
            started.execute(reader);
            executor = started;
        }
        try {
            reader.readToEnd().get(Ledger.READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            Throwable failure = reader.failure();
            throw new IllegalStateException(
                    "The acknowledgements on %s cannot be read%s"
                            .formatted(settings.topic(), failure == null ? "" : ": " + KafkaClients.reason(failure)),
                    e);
        }
        acknowledgements.forgetKnown();
    }

    /** Returns how each expected consumer stands with the credential's current key; none before the first rotation. */
    public List<Adoption> of(CredentialId credential, LedgerEntry entry, Instant now) {
        LastKey key = entry.lastKey();
        return key == null
                ? List.of()
                : settings.expected().of(credential).stream()
                        .map(consumer -> AdoptionRules.adoption(
                                consumer,
                                key,
                                acknowledgements.find(credential, consumer, key),
                                offsets.isReceived(consumer, key.keyRecord()),
                                now))
                        .toList();
    }

    /**
     * Returns the acknowledgements that count, and that compaction would remove: those of an earlier key follow them on the topic.
     * There are none while a rotation is unfinished: the later ones may be of its key.
     */
    List<KeyAcknowledgement> superseded(CredentialId credential, LedgerEntry entry) {
        LastKey key = entry.lastKey();
        return key == null || entry.unfinished() != null ? List.of() : acknowledgements.superseded(credential, key);
    }

    /**
     * Returns since when a person is needed: less than half of the overlap is left, and a consumer has not adopted the key. It is null
     * again a week after the previous key has expired. Otherwise, a consumer that is expected for the first time would raise an alarm
     * for all keys of the past.
     */
    public static @Nullable Instant unadoptedSince(LedgerEntry entry, List<Adoption> adoptions, Instant now) {
        LastKey key = entry.lastKey();
        if (key == null || entry.lastRotationAt() == null || !AdoptionRules.isAnyUnadopted(adoptions)) {
            return null;
        }
        Instant from = AdoptionRules.urgentFrom(key, entry.lastRotationAt());
        return now.isBefore(from) || now.isAfter(AdoptionRules.urgentUntil(key)) ? null : from;
    }

    @Override
    protected void doStop() {
        reader.stop();
        ExecutorService started = executor;
        if (started != null) {
            context.getExecutorServiceManager().shutdownGraceful(started, 5_000);
        }
    }
}
