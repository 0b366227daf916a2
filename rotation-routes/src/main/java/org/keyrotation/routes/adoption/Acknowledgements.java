package org.keyrotation.routes.adoption;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.routes.kafka.CompactedTopicReader;
import org.keyrotation.routes.ledger.LastKey;

/**
 * The acknowledgements in memory: the last one of each credential and expected consumer. A record that is no acknowledgement, of
 * another consumer or of a credential that the ledger does not know changes nothing.
 */
final class Acknowledgements implements CompactedTopicReader.Table {

    /** A key is acknowledged at most moments before this instance reads the first ledger entry of its credential. */
    private static final int MAX_UNKNOWN = 1_000;

    private final Function<CredentialId, List<String>> expected;
    private final KeyLedger ledger;
    private final IgnoredAcknowledgements ignored;

    /** By credential, in the order of its expected consumers. */
    private final Map<CredentialId, @Nullable Acknowledgement[]> byCredential = new ConcurrentHashMap<>();

    /** The credentials of which the ledger knew nothing when their first acknowledgement was read. */
    private final Set<CredentialId> unknown = ConcurrentHashMap.newKeySet();

    /** The part of the ledger that an acknowledgement is checked against. */
    interface KeyLedger {

        boolean isKnown(CredentialId credential);

        /** Returns the current key of the credential, or null. */
        @Nullable
        LastKey lastKey(CredentialId credential);
    }

    /** @param expected returns the names of the consumers that are expected to adopt the keys of a credential */
    Acknowledgements(Function<CredentialId, List<String>> expected, KeyLedger ledger, IgnoredAcknowledgements ignored) {
        this.expected = expected;
        this.ledger = ledger;
        this.ignored = ignored;
    }

    @Override
    public void apply(ConsumerRecord<byte[], byte[]> polled, int partitionCount) {
        try {
            if (polled.value() == null) {
                remove(key(polled));
            } else {
                apply(polled, KeyAcknowledgement.read(polled.value()));
            }
        } catch (IllegalArgumentException e) {
            ignored.invalid(polled, String.valueOf(e.getMessage()));
        }
    }

    /** A tombstone removes the acknowledgement, as compaction does. */
    private void remove(@Nullable String key) {
        int slash = key == null ? -1 : key.lastIndexOf('/');
        if (key == null || slash < 0) {
            throw new IllegalArgumentException("the key is not companyId/apiCredentialId/consumer");
        }
        CredentialId credential = CredentialId.parse(key.substring(0, slash));
        int consumer = expected.apply(credential).indexOf(key.substring(slash + 1));
        if (consumer >= 0 && byCredential.containsKey(credential)) {
            put(credential, consumer, null);
        }
    }

    /** Asks last which consumers are expected: a stranger's credentials would fill their cache. */
    private void apply(ConsumerRecord<byte[], byte[]> polled, KeyAcknowledgement acknowledgement) {
        CredentialId credential = acknowledgement.credential();
        if (!acknowledgement.recordKey().equals(key(polled))) {
            ignored.invalid(polled, "the key is not companyId/apiCredentialId/consumer of the value");
        } else if (!isKnown(credential)) {
            ignored.unknownCredential(polled, acknowledgement);
        } else {
            int consumer = expected.apply(credential).indexOf(acknowledgement.consumer());
            if (consumer < 0) {
                ignored.unexpectedConsumer(polled, acknowledgement);
            } else {
                add(credential, consumer, Acknowledgement.of(acknowledgement, polled));
            }
        }
    }

    private static @Nullable String key(ConsumerRecord<byte[], byte[]> polled) {
        return polled.key() == null ? null : new String(polled.key(), UTF_8);
    }

    private boolean isKnown(CredentialId credential) {
        return byCredential.containsKey(credential)
                || ledger.isKnown(credential)
                || (unknown.size() < MAX_UNKNOWN && unknown.add(credential));
    }

    private void add(CredentialId credential, int consumer, Acknowledgement last) {
        Acknowledgement earlier = find(credential, consumer);
        put(credential, consumer, earlier == null ? last : earlier.followedBy(last, ledger.lastKey(credential)));
    }

    /** Only the thread of the reader writes. */
    private void put(CredentialId credential, int consumer, @Nullable Acknowledgement acknowledgement) {
        @Nullable Acknowledgement[] before = byCredential.get(credential);
        @Nullable
        Acknowledgement[] all = before == null
                ? new @Nullable Acknowledgement[expected.apply(credential).size()]
                : before.clone();
        all[consumer] = acknowledgement;
        if (Arrays.stream(all).allMatch(Objects::isNull)) {
            byCredential.remove(credential);
        } else {
            byCredential.put(credential, all);
        }
    }

    private @Nullable Acknowledgement find(CredentialId credential, int consumer) {
        @Nullable Acknowledgement[] all = byCredential.get(credential);
        return all == null ? null : all[consumer];
    }

    /** Returns the acknowledgement of this consumer that counts for the key, or null. */
    @Nullable
    Acknowledgement find(CredentialId credential, String consumer, LastKey key) {
        Acknowledgement last = find(credential, expected.apply(credential).indexOf(consumer));
        return last == null ? null : last.of(key);
    }

    /**
     * Returns the acknowledgements that count for the key and are followed on the topic by one that does not: compaction removes
     * them.
     */
    List<KeyAcknowledgement> superseded(CredentialId credential, LastKey key) {
        List<KeyAcknowledgement> superseded = new ArrayList<>();
        List<String> consumers = expected.apply(credential);
        for (int consumer = 0; consumer < consumers.size(); consumer++) {
            Acknowledgement last = find(credential, consumer);
            Acknowledgement counting = last == null ? null : last.of(key);
            if (last != null && counting != null && counting.fingerprint() != last.fingerprint()) {
                superseded.add(counting.message(credential, consumers.get(consumer)));
            }
        }
        return superseded;
    }

    /** Makes room for other credentials that the ledger does not know yet. */
    void forgetKnown() {
        unknown.removeIf(ledger::isKnown);
    }
}
