package org.keyrotation.routes.intake;

import java.time.Duration;

/**
 * How requests are read.
 *
 * @param requestsTopic the topic of rotation requests
 * @param groupId the consumer group
 * @param consumers how many consumers, each with a thread of its own
 * @param longestRotation how long one request can take, at most, between two polls
 */
public record IntakeSettings(String requestsTopic, String groupId, int consumers, Duration longestRotation) {}
