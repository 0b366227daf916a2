package org.keyrotation.routes.retry;

import java.time.Duration;

/**
 * A retry topic. All of its records wait for the same delay, so that the first in is the first due.
 *
 * @param name the name of the topic
 * @param delay how long each record waits
 */
public record RetryTopic(String name, Duration delay) {}
