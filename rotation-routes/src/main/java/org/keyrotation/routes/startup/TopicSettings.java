package org.keyrotation.routes.startup;

import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.config.SettingsReader;

/**
 * Settings of the topics that the start creates.
 *
 * @param create whether missing topics are created
 * @param partitions the number of partitions of a created topic
 * @param replicationFactor the replication factor of a created topic, or null for the brokers' default
 */
public record TopicSettings(boolean create, int partitions, @Nullable Short replicationFactor) {

    private static final short BROKER_DEFAULT = -1;

    /** Reads the settings of created topics. The reader collects invalid ones as problems. */
    public static TopicSettings read(SettingsReader in) {
        short replicationFactor = in.value(
                "rotation.topics.replication-factor",
                Short.toString(BROKER_DEFAULT),
                Short::valueOf,
                "a whole number from 1 to 99, or -1 for the brokers' default",
                n -> n == BROKER_DEFAULT || (n >= 1 && n <= 99));
        return new TopicSettings(
                in.flag("rotation.topics.create", true),
                in.integer("rotation.topics.partitions", 8, 1, 10_000),
                replicationFactor == BROKER_DEFAULT ? null : replicationFactor);
    }
}
