package org.keyrotation.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Supplier;

/** The operation generateClientKey. */
final class KeyGeneration {

    private final Fleet fleet;
    private final Idempotency idempotency;

    KeyGeneration(Fleet fleet, Idempotency idempotency) {
        this.fleet = fleet;
        this.idempotency = idempotency;
    }

    /**
     * Refuses a body, which the operation has not. Adyen may tolerate one; the sandbox shows it, as the client's bug. A
     * Content-Type without a body is tolerated, as Adyen's own libraries send one.
     *
     * @throws Refusal 400, 422
     */
    void check(ReceivedRequest request) {
        if (!request.body().isEmpty()) {
            throw new Refusal(Problems.of(400, "This operation has no body"));
        }
        idempotency.check(request.header(Idempotency.HEADER));
    }

    /**
     * A fault on the way to the API: nothing is generated, but an error of the API's own is remembered. Such an error meets
     * no key that it knows already: that one has its answer, or is in progress.
     */
    Answer fail(CredentialId id, ReceivedRequest request, Fault fault) {
        Optional<String> key = request.header(Idempotency.HEADER);
        Answer answer = fault.applyTo(Answer.empty(200));
        return fault.remembered()
                ? idempotency
                        .begin(id.companyId(), key)
                        .orElseGet(() -> idempotency.remember(id.companyId(), key, answer))
                : answer;
    }

    /** From now on a duplicate is one in progress; the returned work generates the key. */
    Supplier<Answer> begin(CredentialId id, ReceivedRequest request) {
        Optional<String> key = request.header(Idempotency.HEADER);
        Optional<Answer> known = idempotency.begin(id.companyId(), key);
        return known.<Supplier<Answer>>map(answer -> () -> answer)
                .orElse(() -> idempotency.remember(id.companyId(), key, generate(id, key)));
    }

    private Answer generate(CredentialId id, Optional<String> idempotencyKey) {
        Optional<CredentialView> credential = fleet.view(id);
        if (credential.isEmpty()) {
            return Problems.of(404, "No such API credential");
        }
        return fleet.generate(id, idempotencyKey.orElse(null))
                .map(generation -> Answer.json(200, new JsonObject().put("clientKey", generation.clientKey())))
                .orElseGet(() -> Problems.of(422, "The API credential is not active"));
    }
}
