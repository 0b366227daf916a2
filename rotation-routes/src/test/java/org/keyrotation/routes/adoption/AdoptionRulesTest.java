package org.keyrotation.routes.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.CredentialStatus.Adoption;
import org.keyrotation.model.CredentialStatus.AdoptionState;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.LedgerEntry;

/** A key that was rotated at noon, with an overlap of 60 seconds. */
class AdoptionRulesTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Instant EXPIRES = NOON.plusSeconds(60);
    private static final String FINGERPRINT = "sha256:9f86d081884c7d65";
    private static final LastKey KEY = new LastKey(FINGERPRINT, null, NOON, EXPIRES, null, null);
    private static final LedgerEntry ENTRY = new LedgerEntry(1, NOON, NOON, null, null, null, null, KEY, null, null);

    @Test
    void consumerIsPendingUntilItHasReceivedTheKey() {
        assertThat(adoption(null, false, NOON)).isEqualTo(new Adoption("checkout", AdoptionState.PENDING, null));
        assertThat(adoption(null, true, NOON)).isEqualTo(new Adoption("checkout", AdoptionState.RECEIVED, null));
    }

    @Test
    void consumerWithoutAnAcknowledgementHasMissedTheKeyOnceThePreviousOneExpires() {
        assertThat(adoption(null, true, EXPIRES.minusMillis(1)).state()).isEqualTo(AdoptionState.RECEIVED);
        assertThat(adoption(null, true, EXPIRES)).isEqualTo(new Adoption("checkout", AdoptionState.MISSED, EXPIRES));
    }

    @Test
    void acknowledgementAfterTheEndIsAnAdoptionThatWasMissed() {
        Adoption late = adoption(acknowledged(EXPIRES.plusSeconds(1)), false, EXPIRES.plusSeconds(2));

        assertThat(late).isEqualTo(new Adoption("checkout", AdoptionState.ADOPTED, EXPIRES.plusSeconds(1)));
        assertThat(AdoptionRules.isMissed(late, KEY)).isTrue();
        assertThat(AdoptionRules.isMissed(adoption(acknowledged(EXPIRES), false, EXPIRES), KEY))
                .isFalse();
    }

    @Test
    void personIsNeededOnceHalfOfTheOverlapIsLeft() {
        List<Adoption> pending = List.of(adoption(null, false, NOON));

        assertThat(KeyAdoption.unadoptedSince(ENTRY, pending, NOON.plusSeconds(29)))
                .isNull();
        assertThat(KeyAdoption.unadoptedSince(ENTRY, pending, NOON.plusSeconds(30)))
                .isEqualTo(NOON.plusSeconds(30));
        assertThat(KeyAdoption.unadoptedSince(ENTRY, pending, EXPIRES.plusSeconds(1)))
                .isEqualTo(NOON.plusSeconds(30));
    }

    @Test
    void keysOfThePastNeedNoPerson() {
        Instant aWeekLater = EXPIRES.plus(Duration.ofDays(7));
        List<Adoption> missed = List.of(adoption(null, false, aWeekLater));

        assertThat(KeyAdoption.unadoptedSince(ENTRY, missed, aWeekLater)).isEqualTo(NOON.plusSeconds(30));
        assertThat(KeyAdoption.unadoptedSince(ENTRY, missed, aWeekLater.plusSeconds(1)))
                .isNull();
    }

    @Test
    void nobodyIsNeededForAnAdoptedKey() {
        List<Adoption> adopted = List.of(adoption(acknowledged(NOON), false, EXPIRES));

        assertThat(KeyAdoption.unadoptedSince(ENTRY, adopted, EXPIRES)).isNull();
    }

    private static Adoption adoption(@Nullable Acknowledgement acknowledgement, boolean isReceived, Instant now) {
        return AdoptionRules.adoption("checkout", KEY, acknowledgement, isReceived, now);
    }

    private static Acknowledgement acknowledged(Instant at) {
        return new Acknowledgement(0x9f86d081884c7d65L, at.toEpochMilli(), null);
    }
}
