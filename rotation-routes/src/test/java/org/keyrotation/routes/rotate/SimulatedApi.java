package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ApiCredential;
import org.keyrotation.model.ApiProblem;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.FailureCode;
import org.keyrotation.routes.api.ApiResult;

/** The API of one credential. It remembers which request caused which key. */
final class SimulatedApi {

    /** @param requestId of the request whose call generated the key */
    record Generation(String requestId, ClientKey key, Instant at) {}

    final List<Generation> generations = new ArrayList<>();

    private final boolean idempotent;
    private final boolean hasFirstKey;
    private final Map<String, ApiResult> stored = new HashMap<>();
    private Action.Api fault = Action.Api.WORKS;
    private int faultyAttempts;
    private boolean called;
    private Runnable lateExecution = () -> {};

    /** @param hasFirstKey whether the credential has a key before its first rotation */
    SimulatedApi(boolean idempotent, boolean hasFirstKey) {
        this.idempotent = idempotent;
        this.hasFirstKey = hasFirstKey;
    }

    void behave(Action.Api behaviour, int attempts) {
        fault = behaviour;
        faultyAttempts = attempts;
        called = false;
        executeLate();
    }

    void startAttempt() {
        executeLate();
        if (faultyAttempts-- == 0) {
            fault = Action.Api.WORKS;
        }
    }

    @Nullable
    ClientKey currentKey() {
        return generations.isEmpty() && !hasFirstKey ? null : key(generations.size());
    }

    ApiResult read() {
        boolean readable =
                switch (fault) {
                    case UNAVAILABLE -> false;
                    case RESPONSE_LOST_AND_UNREADABLE, CALL_LOST_AND_UNREADABLE -> !called;
                    default -> true;
                };
        return readable
                ? new ApiResult.CredentialRead(
                        new ApiCredential("S2-1", "ws@AcmeCorp", currentKey(), List.of(), List.of(), true, null))
                : unavailable();
    }

    ApiResult generate(Rotation rotation, Instant now) {
        called = true;
        return switch (fault) {
            case WORKS -> execute(rotation, now, null);
            case FAILS -> execute(rotation, now, new ApiResult.ServerError("planted", problem(500), null));
            case FORBIDS ->
                execute(rotation, now, new ApiResult.Rejected(FailureCode.FORBIDDEN, "planted", problem(403)));
            case RESPONSE_LOST, RESPONSE_LOST_AND_UNREADABLE -> {
                execute(rotation, now, null);
                yield new ApiResult.UnknownOutcome("planted", true);
            }
            case RESPONSE_WITHOUT_KEY -> {
                execute(rotation, now, null);
                yield new ApiResult.UnknownOutcome("planted", false);
            }
            case EXECUTED_LATE -> {
                lateExecution = idempotent ? () -> execute(rotation, now, null) : lateExecution;
                yield new ApiResult.UnknownOutcome("planted", true);
            }
            case CALL_LOST, CALL_LOST_AND_UNREADABLE -> new ApiResult.UnknownOutcome("planted", true);
            case UNAVAILABLE -> unavailable();
        };
    }

    /** Only an idempotent API executes late here: without idempotency two rotations of one request are a known limitation. */
    private void executeLate() {
        lateExecution.run();
        lateExecution = () -> {};
    }

    /** An idempotent API repeats the first result of an Idempotency-Key, also where that is an error. */
    private ApiResult execute(Rotation rotation, Instant now, @Nullable ApiResult error) {
        ApiResult known = idempotent ? stored.get(rotation.idempotencyKey()) : null;
        if (known != null) {
            return known;
        }
        ApiResult result = error == null ? generated(rotation, now) : error;
        stored.put(rotation.idempotencyKey(), result);
        return result;
    }

    private ApiResult generated(Rotation rotation, Instant now) {
        ClientKey key = key(generations.size() + 1);
        String requestId = requireNonNull(rotation.progress().started()).requestId();
        generations.add(new Generation(requestId, key, now));
        return new ApiResult.KeyGenerated(key, false);
    }

    private static ClientKey key(int number) {
        return new ClientKey("key-" + number);
    }

    private static ApiResult unavailable() {
        return new ApiResult.Retryable("planted", null, null, false);
    }

    private static ApiProblem problem(int status) {
        return new ApiProblem("type", "code", "title", "detail", status, null);
    }
}
