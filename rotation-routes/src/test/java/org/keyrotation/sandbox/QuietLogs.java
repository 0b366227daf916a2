package org.keyrotation.sandbox;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** Silences the loggers of the sandbox's own components, so that the lines of the rotation stand out. */
final class QuietLogs {

    private static final List<String> LOGGERS = List.of(
            "kafka",
            "state.change.logger",
            "org.apache.kafka.common.config",
            "org.apache.kafka.common.metrics",
            "org.apache.kafka.common.telemetry",
            "org.apache.kafka.common.utils",
            "org.apache.kafka.controller",
            "org.apache.kafka.coordinator",
            "org.apache.kafka.image",
            "org.apache.kafka.metadata",
            "org.apache.kafka.queue",
            "org.apache.kafka.raft",
            "org.apache.kafka.server",
            "org.apache.kafka.storage",
            "org.apache.kafka.timeline",
            "org.apache.zookeeper",
            "io.netty",
            "io.vertx");

    private QuietLogs() {}

    /** Keeps a level that is already configured. */
    static void quieten() {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        for (String name : LOGGERS) {
            if (factory.getLogger(name) instanceof Logger logger && logger.getLevel() == null) {
                logger.setLevel(Level.ERROR);
            }
        }
    }
}
