package org.keyrotation.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Supplier;

/** The operation generateClientKey. */
final class GenerateOperation {

    private final SimulatedFleet fleet;
    private final IdempotencyStore idempotency;

    GenerateOperation(SimulatedFleet fleet, IdempotencyStore idempotency) {
        this.fleet = fleet;
        this.idempotency = idempotency;
    }

    /**
     * Rejects a body, because the operation has none. Adyen may accept one, but it is a bug of the client. A
     * Content-Type without a body is accepted, because Adyen's own libraries send it.
     *
     * @throws ErrorResponseException 400, 422
     */
    void validate(ReceivedRequest request) {
        if (!request.body().isEmpty()) {
            throw new ErrorResponseException(Problems.of(400, "This operation has no body"));
        }
        idempotency.validate(request.header(IdempotencyStore.HEADER));
    }

    /**
     * Answers with a fault and generates nothing. The idempotency store keeps an error of the API itself, unless it has
     * a response for this key or the first call is in progress.
     */
    ApiResponse fail(CredentialId id, ReceivedRequest request, Fault fault) {
        Optional<String> key = request.header(IdempotencyStore.HEADER);
        ApiResponse response = fault.applyTo(ApiResponse.empty(200));
        return fault.isStored()
                ? idempotency
                        .lookupOrStart(id.companyId(), key)
                        .orElseGet(() -> idempotency.store(id.companyId(), key, response))
                : response;
    }

    /** Marks the idempotency key as in progress. The returned operation generates the client key. */
    Supplier<ApiResponse> prepare(CredentialId id, ReceivedRequest request) {
        Optional<String> key = request.header(IdempotencyStore.HEADER);
        Optional<ApiResponse> existing = idempotency.lookupOrStart(id.companyId(), key);
        return existing.<Supplier<ApiResponse>>map(response -> () -> response)
                .orElse(() -> idempotency.store(id.companyId(), key, generate(id, key)));
    }

    private ApiResponse generate(CredentialId id, Optional<String> idempotencyKey) {
        Optional<CredentialView> credential = fleet.view(id);
        if (credential.isEmpty()) {
            return Problems.of(404, "No such API credential");
        }
        return fleet.generate(id, idempotencyKey.orElse(null))
                .map(generation -> ApiResponse.json(200, new JsonObject().put("clientKey", generation.clientKey())))
                .orElseGet(() -> Problems.of(422, "The API credential is not active"));
    }
}
