package org.keyrotation.routes.rotate;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;

/** The outcomes of each request. An event that is published twice, with the same id and content, is one outcome. */
final class ObservedOutcomes {

    final List<ClientKey> publishedKeys = new ArrayList<>();
    final List<RotationRequest> satisfiedByTime = new ArrayList<>();

    final Map<ClientKey, Set<String>> requestsByKey = new HashMap<>();

    private final Map<String, Set<Object>> outcomes = new HashMap<>();

    void key(String requestId, ClientKey key) {
        publishedKeys.add(key);
        requestsByKey.computeIfAbsent(key, published -> new HashSet<>()).add(requestId);
        add(requestId, key);
    }

    void failure(String requestId, RotationFailed failure) {
        add(requestId, failure);
    }

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
