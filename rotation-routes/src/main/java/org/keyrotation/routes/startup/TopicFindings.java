package org.keyrotation.routes.startup;

import java.util.List;

/**
 * What a check found in one topic.
 *
 * @param topic its name
 * @param problems why the service does not work with it
 * @param warnings dangerous settings that do not prevent the processing of requests, and a topic that a start creates
 */
public record TopicFindings(String topic, List<String> problems, List<String> warnings) {

    public TopicFindings {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    static TopicFindings problem(String topic, String problem) {
        return new TopicFindings(topic, List.of(problem), List.of());
    }
}
