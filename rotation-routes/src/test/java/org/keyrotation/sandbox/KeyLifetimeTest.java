package org.keyrotation.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.sandbox.Caller.COMPANY;
import static org.keyrotation.sandbox.Caller.CREDENTIAL;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When keys begin and cease to work, on a clock that stands still but for the test. */
class KeyLifetimeTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final MutableClock clock = MutableClock.stoppedAt(NOON);
    private final SimulatedManagementApi api =
            SimulatedManagementApi.start(ApiOptions.defaults().withClock(clock));
    private final Truth truth = api.truth();
    private final Caller caller = Caller.of(api);
    private final String first = truth.currentKey(COMPANY, CREDENTIAL);

    @AfterEach
    void closeTheApi() {
        api.close();
    }

    @Test
    void theKeyThatACredentialComesWithWorks() {
        assertThat(truth.works(first)).isTrue();
        assertThat(truth.works("test_ELSE")).isFalse();
    }

    @Test
    void aKeyIsThePrefixAndThirtyTwoCharacters() throws Exception {
        caller.generate();

        assertThat(truth.currentKey(COMPANY, CREDENTIAL)).matches("test_[A-Z0-9]{32}");
    }

    @Test
    void aNewKeyWorksOnlyAfterTheActivationDelay() throws Exception {
        caller.generate();
        String second = truth.currentKey(COMPANY, CREDENTIAL);

        clock.advance(Duration.ofMinutes(3).minusMillis(1));
        assertThat(truth.works(second)).isFalse();

        clock.advance(Duration.ofMillis(1));
        assertThat(truth.works(second)).isTrue();
    }

    @Test
    void theActivationDelayCanBeSet() throws Exception {
        api.activationDelay(Duration.ZERO);
        caller.generate();

        assertThat(truth.works(truth.currentKey(COMPANY, CREDENTIAL))).isTrue();
    }

    @Test
    void theOldKeyStopsWorkingExactlyADayAfterTheNewOneWasGenerated() throws Exception {
        caller.generate();

        clock.advance(Duration.ofHours(24).minusMillis(1));
        assertThat(truth.works(first)).isTrue();

        clock.advance(Duration.ofMillis(1));
        assertThat(truth.works(first)).isFalse();
    }

    @Test
    void aSecondRotationInsideTheDayKillsTheFirstKey() throws Exception {
        caller.generate();
        caller.generate();

        assertThat(truth.works(first)).isFalse();
    }

    @Test
    void noKeyOfAnInactiveOrRemovedCredentialWorks() {
        api.setActive(COMPANY, CREDENTIAL, false);
        assertThat(truth.works(first)).isFalse();

        api.setActive(COMPANY, CREDENTIAL, true);
        assertThat(truth.works(first)).isTrue();

        api.removeCredential(COMPANY, CREDENTIAL);
        assertThat(truth.works(first)).isFalse();
    }

    @Test
    void theTruthNamesBothMoments() throws Exception {
        caller.generate("Idempotency-Key", "k1");
        String second = truth.currentKey(COMPANY, CREDENTIAL);

        assertThat(truth.generations(COMPANY, CREDENTIAL))
                .containsExactly(new Generation(
                        second, NOON, NOON.plus(Duration.ofMinutes(3)), NOON.plus(Duration.ofHours(24)), "k1"));
    }
}
