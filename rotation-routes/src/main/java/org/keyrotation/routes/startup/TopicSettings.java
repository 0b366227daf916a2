package org.keyrotation.routes.startup;

import org.jspecify.annotations.Nullable;

/**
 * What to do about topics that are missing.
 *
 * @param create whether to create them
 * @param partitions of each that is created
 * @param replicationFactor of each that is created, or null for the brokers' default
 */
public record TopicSettings(boolean create, int partitions, @Nullable Short replicationFactor) {}
