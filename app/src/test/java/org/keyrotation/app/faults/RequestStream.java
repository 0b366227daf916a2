package org.keyrotation.app.faults;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationRequest;

/** Requests of all kinds, by a seed: plain ones, repeated ones, several for a credential, astray, and hopeless. */
final class RequestStream {

    private final FaultTestFixture stage;
    private final Random random;
    private final boolean unreadable;
    private final List<RotationRequest> made = new ArrayList<>();
    private int number;

    /** @param unreadable whether there are some without a credential, which no ledger can know */
    RequestStream(FaultTestFixture stage, Random random, boolean unreadable) {
        this.stage = stage;
        this.random = random;
        this.unreadable = unreadable;
    }

    /** For this many credentials that were not asked for before, and now and then for one that was. */
    void send(int credentials) {
        for (int i = 0; i < credentials; i++) {
            first(stage.newCredential());
            if (oneIn(7)) {
                stage.requests.repeat(anyMade());
            }
            if (oneIn(7)) {
                make(anyMade().credential(), Instant.now(), true);
            }
            if (oneIn(20)) {
                make(anyMade().credential(), Instant.now().minusSeconds(random.nextInt(60)), false);
            }
            if (oneIn(30)) {
                hopeless();
            }
        }
    }

    private void first(CredentialId credential) {
        if (oneIn(10) && !made.isEmpty()) {
            stage.requests.ask(RotationRequest.of(credential));
        } else {
            make(credential, Instant.now(), false);
        }
    }

    private void make(CredentialId credential, Instant at, boolean force) {
        RotationRequest request = request(credential, at, force);
        made.add(request);
        stage.requests.ask(request, oneIn(20) ? astray() : credential.toString());
    }

    private RotationRequest request(CredentialId credential, Instant at, boolean force) {
        String id = credential.apiCredentialId() + "-" + ++number;
        return new RotationRequest(
                id, credential.companyId(), credential.apiCredentialId(), "soak", "faults", at, force);
    }

    private @Nullable String astray() {
        return random.nextBoolean() ? null : "astray-" + random.nextInt(100);
    }

    private RotationRequest anyMade() {
        return made.get(random.nextInt(made.size()));
    }

    private void hopeless() {
        switch (random.nextInt(unreadable ? 4 : 2)) {
            case 0 -> inVain(new CredentialId(stage.work.company, "unknown"), FailureCode.CREDENTIAL_NOT_FOUND);
            case 1 -> inVain(inactive(), FailureCode.CREDENTIAL_INACTIVE);
            case 2 -> stage.requests.askInVain("{\"companyId\":", FailureCode.MALFORMED_REQUEST);
            default ->
                stage.requests.askInVain(
                        "{\"companyId\":\"-\",\"apiCredentialId\":\"S2-1\"}", FailureCode.INVALID_REQUEST);
        }
    }

    private CredentialId inactive() {
        CredentialId credential = stage.newCredential();
        stage.api.setActive(credential.companyId(), credential.apiCredentialId(), false);
        return credential;
    }

    /** It is never repeated, as it might then fail again. */
    private void inVain(CredentialId credential, FailureCode code) {
        stage.requests.askInVain(request(credential, Instant.now(), false), code);
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }
}
