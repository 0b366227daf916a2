package org.keyrotation.routes.rotate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The key of one credential, and who caused which. */
final class SimulatedApi {

    /** What whoever calls it gets to know. */
    enum Answer {
        GENERATED,
        REFUSED,
        FAILED,
        LOST
    }

    /** @param requestId of the request that began the rotation, whoever brought it to its end */
    record Generation(String requestId, String key, Instant at) {}

    final List<Generation> generations = new ArrayList<>();

    private final boolean idempotent;
    private final Map<String, Answer> stored = new HashMap<>();
    private Action.Api behaviour = Action.Api.WELL;

    SimulatedApi(boolean idempotent) {
        this.idempotent = idempotent;
    }

    void behaves(Action.Api now) {
        behaviour = now;
    }

    boolean isReadable() {
        return behaviour != Action.Api.DOWN;
    }

    boolean isReadableAfterwards() {
        return behaviour != Action.Api.ANSWER_LOST_AND_UNREADABLE && behaviour != Action.Api.CALL_LOST_AND_UNREADABLE;
    }

    String currentKey() {
        return "key-" + generations.size();
    }

    Answer generate(String requestId, String idempotencyKey, Instant at) {
        return switch (behaviour) {
            case WELL -> answer(requestId, idempotencyKey, at, Answer.GENERATED);
            case FAILS -> answer(requestId, idempotencyKey, at, Answer.FAILED);
            case FORBIDS -> answer(requestId, idempotencyKey, at, Answer.REFUSED);
            case ANSWER_LOST, ANSWER_LOST_AND_UNREADABLE -> {
                answer(requestId, idempotencyKey, at, Answer.GENERATED);
                yield Answer.LOST;
            }
            case CALL_LOST, CALL_LOST_AND_UNREADABLE, DOWN -> Answer.LOST;
        };
    }

    private Answer answer(String requestId, String idempotencyKey, Instant at, Answer fresh) {
        Answer answer = idempotent ? stored.getOrDefault(idempotencyKey, fresh) : fresh;
        if (answer == Answer.GENERATED && !(idempotent && stored.containsKey(idempotencyKey))) {
            generations.add(new Generation(requestId, "key-" + (generations.size() + 1), at));
        }
        stored.put(idempotencyKey, answer);
        return answer;
    }
}
