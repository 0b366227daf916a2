package org.keyrotation.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.sandbox.ApiTestClient.COMPANY;
import static org.keyrotation.sandbox.ApiTestClient.CREDENTIAL;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When keys start and stop working, on a clock that only the test advances. */
class KeyLifetimeTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final MutableClock clock = MutableClock.stoppedAt(NOON);
    private final SimulatedManagementApi api =
            SimulatedManagementApi.start(ApiOptions.defaults().withClock(clock));
    private final GroundTruth truth = api.truth();
    private final ApiTestClient client = ApiTestClient.of(api);
    private final String first = truth.currentKey(COMPANY, CREDENTIAL);

    @AfterEach
    void tearDown() {
        api.close();
    }

    @Test
    void initialKeyWorks() {
        assertThat(truth.works(first)).isTrue();
        assertThat(truth.works("test_ELSE")).isFalse();
    }

    @Test
    void keyHasThePrefixAndThirtyTwoCharacters() throws Exception {
        client.generate();

        assertThat(truth.currentKey(COMPANY, CREDENTIAL)).matches("test_[A-Z0-9]{32}");
    }

    @Test
    void newKeyWorksAfterTheActivationDelay() throws Exception {
        client.generate();
        String second = truth.currentKey(COMPANY, CREDENTIAL);

        clock.advance(Duration.ofMinutes(3).minusMillis(1));
        assertThat(truth.works(second)).isFalse();

        clock.advance(Duration.ofMillis(1));
        assertThat(truth.works(second)).isTrue();
    }

    @Test
    void activationDelayIsConfigurable() throws Exception {
        api.activationDelay(Duration.ZERO);
        client.generate();

        assertThat(truth.works(truth.currentKey(COMPANY, CREDENTIAL))).isTrue();
    }

    @Test
    void previousKeyExpiresADayAfterTheGeneration() throws Exception {
        client.generate();

        clock.advance(Duration.ofHours(24).minusMillis(1));
        assertThat(truth.works(first)).isTrue();

        clock.advance(Duration.ofMillis(1));
        assertThat(truth.works(first)).isFalse();
    }

    @Test
    void secondRotationWithinADayExpiresTheFirstKey() throws Exception {
        client.generate();
        client.generate();

        assertThat(truth.works(first)).isFalse();
    }

    @Test
    void keyOfAnInactiveOrRemovedCredentialDoesNotWork() {
        api.setActive(COMPANY, CREDENTIAL, false);
        assertThat(truth.works(first)).isFalse();

        api.setActive(COMPANY, CREDENTIAL, true);
        assertThat(truth.works(first)).isTrue();

        api.removeCredential(COMPANY, CREDENTIAL);
        assertThat(truth.works(first)).isFalse();
    }

    @Test
    void truthHasBothTimes() throws Exception {
        client.generate("Idempotency-Key", "k1");
        String second = truth.currentKey(COMPANY, CREDENTIAL);

        assertThat(truth.generations(COMPANY, CREDENTIAL))
                .containsExactly(new Generation(
                        second, NOON, NOON.plus(Duration.ofMinutes(3)), NOON.plus(Duration.ofHours(24)), "k1"));
    }
}
