package org.keyrotation.routes.rotate;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.Json;
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.routes.RotationOutcome;

/** The events of each request. An event that is published twice, with the same id and content, is one outcome. */
final class ObservedOutcomes {

    final List<RotationEvent> events = new ArrayList<>();
    final List<ClientKey> publishedKeys = new ArrayList<>();

    final Map<ClientKey, Set<String>> requestsByKey = new HashMap<>();

    private final Map<String, Set<Object>> outcomes = new HashMap<>();

    /** Publishes an outcome that is no deferral, as {@code PublishRoutes} does. */
    void publish(RotationOutcome outcome) {
        if (outcome instanceof RotationOutcome.Rotated rotated) {
            key(rotated.event());
        } else if (outcome instanceof RotationOutcome.Failed failed) {
            add(failed.event(), failed.event());
        } else if (outcome instanceof RotationOutcome.Satisfied satisfied && satisfied.event() != null) {
            add(satisfied.event(), RequestSatisfied.class); // its times differ if it is published again
        }
    }

    private void key(ClientKeyRotated event) {
        publishedKeys.add(event.clientKey());
        requestsByKey
                .computeIfAbsent(event.clientKey(), published -> new HashSet<>())
                .add(event.requestId());
        add(event, event.clientKey());
    }

    List<RequestSatisfied> satisfied() {
        return events.stream()
                .filter(RequestSatisfied.class::isInstance)
                .map(RequestSatisfied.class::cast)
                .toList();
    }

    /** Returns who made each request, when and why, according to its events. */
    Map<String, Set<JsonNode>> authors() {
        return events.stream().collect(groupingBy(RotationEvent::id, mapping(ObservedOutcomes::author, toSet())));
    }

    /** Returns who made the request of this message, when and why. */
    static JsonNode author(Object message) {
        ObjectNode json = Json.mapper().valueToTree(message);
        return json.retain("reason", "requestedBy", "requestedAt");
    }

    Set<Object> of(String requestId) {
        return outcomes.getOrDefault(requestId, Set.of());
    }

    private void add(RotationEvent event, Object outcome) {
        events.add(event);
        outcomes.computeIfAbsent(event.id(), id -> new HashSet<>()).add(outcome);
    }
}
