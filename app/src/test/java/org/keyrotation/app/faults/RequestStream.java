package org.keyrotation.app.faults;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationRequest;

/** A pseudo-random stream of requests: plain, repeated, several for a credential, misrouted, and failing. */
final class RequestStream {

    private final FaultTestFixture fixture;
    private final Random random;
    private final boolean includeUnknown;
    private final List<RotationRequest> sent = new ArrayList<>();
    private int number;

    /** @param includeUnknown whether some requests have no credential, or one that the API never had: no ledger knows them */
    RequestStream(FaultTestFixture fixture, Random random, boolean includeUnknown) {
        this.fixture = fixture;
        this.random = random;
        this.includeUnknown = includeUnknown;
    }

    /** Sends requests for this many new credentials, and some for credentials that were requested before. */
    void send(int credentials) {
        for (int i = 0; i < credentials; i++) {
            sendFirst(fixture.newCredential());
            if (oneIn(7)) {
                fixture.requests.repeat(anySent());
            }
            if (oneIn(7)) {
                send(anySent().credential(), Instant.now(), true);
            }
            if (oneIn(20)) {
                send(anySent().credential(), Instant.now().minusSeconds(random.nextInt(60)), false);
            }
            if (oneIn(30)) {
                sendFailing();
            }
        }
    }

    private void sendFirst(CredentialId credential) {
        if (oneIn(10) && !sent.isEmpty()) {
            fixture.requests.send(RotationRequest.of(credential));
        } else {
            send(credential, Instant.now(), false);
        }
    }

    private void send(CredentialId credential, Instant at, boolean force) {
        RotationRequest request = request(credential, at, force);
        sent.add(request);
        fixture.requests.send(request, oneIn(20) ? misroutedKey() : credential.toString());
    }

    private RotationRequest request(CredentialId credential, Instant at, boolean force) {
        String id = credential.apiCredentialId() + "-" + ++number;
        return new RotationRequest(
                id, credential.companyId(), credential.apiCredentialId(), "soak", "faults", at, force);
    }

    private @Nullable String misroutedKey() {
        return random.nextBoolean() ? null : "misrouted-" + random.nextInt(100);
    }

    private RotationRequest anySent() {
        return sent.get(random.nextInt(sent.size()));
    }

    private void sendFailing() {
        switch (random.nextInt(includeUnknown ? 4 : 1)) {
            case 0 -> sendFailing(inactiveCredential(), FailureCode.CREDENTIAL_INACTIVE);
            case 1 ->
                sendFailing(new CredentialId(fixture.appFixture.company, "unknown"), FailureCode.CREDENTIAL_NOT_FOUND);
            case 2 -> fixture.requests.sendFailing("{\"companyId\":", FailureCode.MALFORMED_REQUEST);
            default ->
                fixture.requests.sendFailing(
                        "{\"companyId\":\"-\",\"apiCredentialId\":\"S2-1\"}", FailureCode.INVALID_REQUEST);
        }
    }

    private CredentialId inactiveCredential() {
        CredentialId credential = fixture.newCredential();
        fixture.api.setActive(credential.companyId(), credential.apiCredentialId(), false);
        return credential;
    }

    /** Does not record the request for repetition, because a repeated failing request may fail again. */
    private void sendFailing(CredentialId credential, FailureCode code) {
        fixture.requests.sendFailing(request(credential, Instant.now(), false), code);
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }
}
