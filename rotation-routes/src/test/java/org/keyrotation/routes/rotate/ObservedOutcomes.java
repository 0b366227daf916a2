package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;

/** What became of each request. An event that appears twice, same id and same content, is one event. */
final class ObservedOutcomes {

    final List<String> publishedKeys = new ArrayList<>();
    final List<RotationRequest> satisfiedByTime = new ArrayList<>();

    private final Map<String, Set<Object>> outcomes = new HashMap<>();

    void key(String requestId, String key) {
        publishedKeys.add(key);
        add(requestId, key);
    }

    void failure(String requestId, RotationFailed failure) {
        add(requestId, failure);
    }

    /** Not where it has its outcome already, and is only found to have it. */
    void satisfied(RotationRequest request) {
        satisfiedByTime.add(request);
        add(requireNonNull(request.requestId()), "satisfied");
    }

    Set<Object> of(String requestId) {
        return outcomes.getOrDefault(requestId, Set.of());
    }

    private void add(String requestId, Object outcome) {
        outcomes.computeIfAbsent(requestId, id -> new HashSet<>()).add(outcome);
    }
}
