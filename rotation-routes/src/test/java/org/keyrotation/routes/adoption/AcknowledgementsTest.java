package org.keyrotation.routes.adoption;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.LedgerEntry;

/** Acknowledgements of one credential, whose current key has the fingerprint CURRENT. */
class AcknowledgementsTest {

    private static final CredentialId CREDENTIAL = new CredentialId("AcmeCorp", "S2-1");
    private static final String CURRENT = "sha256:ffffffffffffffff";
    private static final String PREVIOUS = "sha256:0000000000000001";
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final Map<CredentialId, LedgerEntry> ledger = new HashMap<>();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Acknowledgements acknowledgements = new Acknowledgements(
            credential -> List.of("checkout", "pos"),
            new Acknowledgements.KeyLedger() {
                @Override
                public boolean isKnown(CredentialId credential) {
                    return ledger.containsKey(credential);
                }

                @Override
                public @Nullable LastKey lastKey(CredentialId credential) {
                    return ledger.getOrDefault(credential, LedgerEntry.UNSEEN).lastKey();
                }
            },
            new IgnoredAcknowledgements(meters));
    private LastKey key = key(CURRENT);
    private long offset;

    AcknowledgementsTest() {
        rotated(key);
    }

    @Test
    void acknowledgementOfTheCurrentKeyCounts() throws JsonProcessingException {
        acknowledge("checkout", CURRENT, NOON);

        assertThat(at("checkout")).isEqualTo(NOON);
        assertThat(at("pos")).isNull();
        assertThat(ignored()).isZero();
    }

    @Test
    void acknowledgementOfAnotherKeyDoesNotCount() throws JsonProcessingException {
        acknowledge("checkout", PREVIOUS, NOON);

        assertThat(at("checkout")).isNull();
    }

    @Test
    void lateAcknowledgementOfAnEarlierKeyIsHarmless() throws JsonProcessingException {
        acknowledge("checkout", CURRENT, NOON);

        acknowledge("checkout", PREVIOUS, NOON.plusSeconds(1));

        assertThat(at("checkout")).isEqualTo(NOON);
    }

    @Test
    void repeatedAcknowledgementKeepsTheFirstTime() throws JsonProcessingException {
        acknowledge("checkout", CURRENT, NOON);

        acknowledge("checkout", CURRENT, NOON.plusSeconds(1));

        assertThat(at("checkout")).isEqualTo(NOON);
    }

    @Test
    void acknowledgementCountsOnceTheLedgerKnowsItsKey() throws JsonProcessingException {
        rotated(key(PREVIOUS));
        acknowledge("checkout", CURRENT, NOON);
        assertThat(at("checkout")).isNull();

        rotated(key(CURRENT));

        assertThat(at("checkout")).isEqualTo(NOON);
    }

    /** The consumer is faster than the ledger: the entry of its key is written after the key. */
    @Test
    void acknowledgementOfTheNextKeyDoesNotHideTheOneThatCountsNorIsHiddenByIt() throws JsonProcessingException {
        String next = "sha256:0000000000000002";
        acknowledge("checkout", CURRENT, NOON);
        acknowledge("checkout", next, NOON.plusSeconds(1));
        assertThat(at("checkout")).isEqualTo(NOON);

        rotated(key(next));

        assertThat(at("checkout")).isEqualTo(NOON.plusSeconds(1));
        assertThat(acknowledgements.superseded(CREDENTIAL, key)).isEmpty();
    }

    @Test
    void replayOfTheCurrentAcknowledgementHidesNoneOfTheNextKey() throws JsonProcessingException {
        String next = "sha256:0000000000000002";
        acknowledge("checkout", CURRENT, NOON);
        acknowledge("checkout", next, NOON.plusSeconds(1));
        acknowledge("checkout", PREVIOUS, NOON.plusSeconds(2));
        acknowledge("checkout", CURRENT, NOON.plusSeconds(3));
        assertThat(at("checkout")).isEqualTo(NOON);
        acknowledge("pos", next, NOON.plusSeconds(1));
        acknowledge("pos", PREVIOUS, NOON.plusSeconds(2));

        rotated(key(next));

        assertThat(at("checkout")).isEqualTo(NOON.plusSeconds(1));
        assertThat(at("pos")).isEqualTo(NOON.plusSeconds(1));
        assertThat(acknowledgements.superseded(CREDENTIAL, key))
                .hasSize(2)
                .extracting(KeyAcknowledgement::keyFingerprint)
                .containsOnly(next);
    }

    @Test
    void acknowledgementThatCompactionWouldRemoveIsSentAgain() throws JsonProcessingException {
        acknowledge("checkout", CURRENT, NOON);
        acknowledge("pos", CURRENT, NOON);
        acknowledge("checkout", PREVIOUS, NOON.plusSeconds(1));

        assertThat(acknowledgements.superseded(CREDENTIAL, key))
                .containsExactly(new KeyAcknowledgement("checkout", "AcmeCorp", "S2-1", CURRENT, NOON, null));

        acknowledge("checkout", CURRENT, NOON);
        assertThat(acknowledgements.superseded(CREDENTIAL, key)).isEmpty();
    }

    @Test
    void timeOfAClockThatIsAheadIsThatOfTheRecord() throws JsonProcessingException {
        KeyAcknowledgement ahead =
                new KeyAcknowledgement("checkout", "AcmeCorp", "S2-1", CURRENT, NOON.plusSeconds(600), null);
        acknowledgements.apply(
                new ConsumerRecord<>(
                        "rotation.acknowledgements",
                        0,
                        offset++,
                        NOON.toEpochMilli(),
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        ahead.recordKey().getBytes(UTF_8),
                        json(ahead),
                        new RecordHeaders(),
                        Optional.empty()),
                1);

        assertThat(at("checkout")).isEqualTo(NOON);
    }

    @Test
    void rotationEndsTheAdoptionOfTheKeyBefore() throws JsonProcessingException {
        acknowledge("checkout", CURRENT, NOON);

        rotated(key("sha256:0000000000000002"));

        assertThat(at("checkout")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"please", "''", "{}", "[]"})
    void recordThatIsNoAcknowledgementIsCounted(String value) {
        apply("AcmeCorp/S2-1/checkout", value.getBytes(UTF_8));

        assertThat(ignored("invalid")).isOne();
    }

    @ParameterizedTest
    @CsvSource(
            value = {"null", "checkout", "AcmeCorp/S2-1/pos", "AcmeCorp/S2-2/checkout"},
            nullValues = "null")
    void acknowledgementWithAnotherKeyIsCountedAsInvalid(@Nullable String recordKey) throws JsonProcessingException {
        apply(recordKey, json(new KeyAcknowledgement("checkout", "AcmeCorp", "S2-1", CURRENT, NOON, null)));

        assertThat(at("checkout")).isNull();
        assertThat(ignored("invalid")).isOne();
    }

    @Test
    void unexpectedConsumerIsCounted() throws JsonProcessingException {
        acknowledge("stranger", CURRENT, NOON);

        assertThat(ignored("unexpected-consumer")).isOne();
    }

    @Test
    void unknownCredentialsAreLimited() throws JsonProcessingException {
        for (int i = 0; i < 1_010; i++) {
            acknowledge(new KeyAcknowledgement("checkout", "OtherCorp", "S2-" + i, CURRENT, NOON, null));
        }
        assertThat(ignored("unknown-credential")).isEqualTo(10);

        ledger.put(new CredentialId("OtherCorp", "S2-0"), LedgerEntry.firstSeen(NOON));
        acknowledgements.forgetKnown();
        acknowledge(new KeyAcknowledgement("checkout", "OtherCorp", "S2-2000", CURRENT, NOON, null));

        assertThat(ignored("unknown-credential")).isEqualTo(10);
    }

    @Test
    void tombstoneRemovesTheAcknowledgement() throws JsonProcessingException {
        acknowledge("checkout", CURRENT, NOON);
        acknowledge("pos", CURRENT, NOON);

        apply("AcmeCorp/S2-1/checkout", null);

        assertThat(at("checkout")).isNull();
        assertThat(at("pos")).isEqualTo(NOON);
        assertThat(ignored()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            value = {"null", "checkout", "a b/c/checkout"},
            nullValues = "null")
    void tombstoneWithAnotherKeyIsCountedAsInvalid(@Nullable String recordKey) {
        apply(recordKey, null);

        assertThat(ignored("invalid")).isOne();
    }

    private void rotated(LastKey current) {
        key = current;
        ledger.put(CREDENTIAL, new LedgerEntry(1, NOON, NOON, null, null, null, null, current, null, null));
    }

    private static LastKey key(String fingerprint) {
        return new LastKey(fingerprint, null, NOON, NOON.plusSeconds(60), null, null);
    }

    private void acknowledge(String consumer, String fingerprint, Instant at) throws JsonProcessingException {
        acknowledge(new KeyAcknowledgement(consumer, "AcmeCorp", "S2-1", fingerprint, at, null));
    }

    private void acknowledge(KeyAcknowledgement acknowledgement) throws JsonProcessingException {
        apply(acknowledgement.recordKey(), json(acknowledgement));
    }

    private static byte[] json(KeyAcknowledgement acknowledgement) throws JsonProcessingException {
        return Json.mapper().writeValueAsBytes(acknowledgement);
    }

    private void apply(@Nullable String recordKey, byte @Nullable [] value) {
        byte[] bytes = recordKey == null ? null : recordKey.getBytes(UTF_8);
        acknowledgements.apply(new ConsumerRecord<>("rotation.acknowledgements", 0, offset++, bytes, value), 1);
    }

    private @Nullable Instant at(String consumer) {
        Acknowledgement found = acknowledgements.find(CREDENTIAL, consumer, key);
        return found == null ? null : found.at();
    }

    private double ignored() {
        return ignored("invalid") + ignored("unexpected-consumer") + ignored("unknown-credential");
    }

    private double ignored(String reason) {
        return meters.get("rotation.adoption.ignored")
                .tag("reason", reason)
                .counter()
                .count();
    }
}
