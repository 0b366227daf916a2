package org.keyrotation.app.faults;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;

/** People who rotate keys by hand in the middle of a scenario, of a few credentials that the service has rotated once. */
final class Hands {

    private static final int CREDENTIALS = 5;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final FaultTestFixture fixture;
    private final Random random;
    private final List<CredentialId> credentials = new ArrayList<>();

    Hands(FaultTestFixture fixture, Random random) {
        this.fixture = fixture;
        this.random = random;
    }

    /** Has the credentials rotated by the service. */
    void prepare() {
        for (int i = 0; i < CREDENTIALS; i++) {
            CredentialId credential = fixture.newCredential();
            credentials.add(credential);
            fixture.requests.send(RotationRequest.of(credential).completed("first-" + i, Instant.now()));
        }
        Awaitility.await().atMost(TIMEOUT).until(() -> {
            Map<CredentialId, ClientKeyRotated> keys = new HistoryReader(fixture).lastKeys();
            return keys.keySet().containsAll(credentials);
        });
    }

    void rotateOne() {
        CredentialId credential = credentials.get(random.nextInt(credentials.size()));
        fixture.api.rotateByHand(credential.companyId(), credential.apiCredentialId());
    }

    /** Waits until each current key is published, or reported in the ledger. After a timeout the judge reports what is missing. */
    void awaitFound() {
        Awaitility.await("the keys that were rotated by hand").atMost(TIMEOUT).until(this::isEachFound);
    }

    private boolean isEachFound() throws Exception {
        HistoryReader reader = new HistoryReader(fixture);
        Map<CredentialId, ClientKeyRotated> keys = new HashMap<>(reader.lastKeys());
        Set<String> found = new HashSet<>(reader.reportedDrift());
        credentials.forEach(
                credential -> found.add(requireNonNull(keys.get(credential)).keyFingerprint()));
        return credentials.stream()
                .map(each -> fixture.api.truth().currentKey(each.companyId(), each.apiCredentialId()))
                .allMatch(key -> found.contains(new ClientKey(key).fingerprint()));
    }
}
