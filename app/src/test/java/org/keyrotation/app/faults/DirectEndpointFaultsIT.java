package org.keyrotation.app.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Several host applications call the direct endpoint for the same credentials at the same time. */
@ExtendWith(SandboxExtension.class)
class DirectEndpointFaultsIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final int HOSTS = 3;
    private static final int CREDENTIALS = 50;
    private static final int CALLS = 1_000;

    /** The answers to a request for a credential that was rotated a moment ago. */
    private static final Set<String> SETTLED = Set.of("ROTATED_RECENTLY", "Satisfied");

    @Tag("I2")
    @Tag("I3")
    @Tag("embedding")
    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void eachCredentialRotatesOnceWhicheverOfThreeHostsDiesOrFreezes(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        api.idempotency(false); // an idempotency key would make a second call harmless
        api.latency(Duration.ofMillis(
                250)); // so that a disruption finds rotations in flight; one value keeps calls in order
        try (FaultTestFixture fixture = new FaultTestFixture(broker, api);
                DirectCalls calls = new DirectCalls(fixture, HOSTS)) {
            List<CredentialId> credentials =
                    Stream.generate(fixture::newCredential).limit(CREDENTIALS).toList();
            for (int i = 0; i < CALLS; i++) {
                calls.call(i % HOSTS, credentials.get(i / HOSTS % CREDENTIALS));
            }
            awaitGenerations(api, 10);
            calls.host(0).freeze(FaultTestFixture.LEASE.plusSeconds(2));
            awaitGenerations(api, 25);
            calls.killAndReplace(1);
            Map<String, Long> answers = calls.awaitAnswers(0);
            calls.host(0).awaitThawed();
            fixture.awaitDrained(TIMEOUT);
            Map<String, Long> lastAnswers = awaitSettled(calls, credentials);
            History history = new HistoryReader(fixture).read();
            System.out.printf(
                    "direct calls %s, recovered keys %d, last calls %s%n",
                    answers,
                    history.keys().stream()
                            .filter(key -> key.event().recovered())
                            .count(),
                    lastAnswers);
            SoftAssertions.assertSoftly(softly -> {
                softly.assertThat(rotationsPerCredential(history))
                        .as("number of credentials by their number of rotations")
                        .isEqualTo(Map.of(1, (long) CREDENTIALS));
                softly.assertThat(publishedKeysPerCredential(history))
                        .as("number of credentials by their number of published keys, each for one request")
                        .isEqualTo(Map.of(1, (long) CREDENTIALS));
                softly.assertThat(new KeyCheck(history).violations()).isEmpty();
                softly.assertThat(SETTLED).as("possible last answers").containsAll(lastAnswers.keySet());
            });
        }
    }

    private static void awaitGenerations(SimulatedManagementApi api, int count) {
        Awaitility.await(count + " rotations")
                .atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> api.truth().totalGenerations() >= count);
    }

    /** Repeats the calls until every credential is rotated and no rotation is unfinished, and returns the last answers. */
    private static Map<String, Long> awaitSettled(DirectCalls calls, List<CredentialId> credentials) {
        Instant end = Instant.now().plus(TIMEOUT);
        Map<String, Long> answers;
        do {
            answers = calls.callAllHosts(credentials);
        } while (!SETTLED.containsAll(answers.keySet()) && Instant.now().isBefore(end));
        return answers;
    }

    private static Map<Integer, Long> rotationsPerCredential(History history) {
        return history.truth().values().stream()
                .collect(Collectors.groupingBy(state -> state.generations().size(), Collectors.counting()));
    }

    private static Map<Integer, Long> publishedKeysPerCredential(History history) {
        Map<CredentialId, Set<String>> keys = history.keys().stream()
                .map(PublishedEvent::event)
                .collect(Collectors.groupingBy(
                        ClientKeyRotated::credential,
                        Collectors.mapping(
                                event -> event.requestId() + event.clientKey().value(), Collectors.toSet())));
        return keys.values().stream().collect(Collectors.groupingBy(Set::size, Collectors.counting()));
    }
}
