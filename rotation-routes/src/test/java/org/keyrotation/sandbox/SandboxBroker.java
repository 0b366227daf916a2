package org.keyrotation.sandbox;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

/** A real Kafka broker in this JVM: one KRaft node on loopback with its data in a temporary directory. */
public final class SandboxBroker implements AutoCloseable {

    private final BrokerNode node;
    private final TopicClient topics;
    private @Nullable KafkaRaftServer server;

    private SandboxBroker(BrokerNode node) {
        this.node = node;
        this.server = node.start();
        this.topics = new TopicClient(bootstrapServers());
    }

    /** Starts on a free port, or on another one if a different process takes that first. */
    public static SandboxBroker start() {
        try {
            return start(Ports.free());
        } catch (RuntimeException e) {
            return start(Ports.free());
        }
    }

    /** Starts on a free port, with these settings instead of the sandbox's own. */
    public static SandboxBroker start(Map<String, String> settings) {
        return start(Ports.free(), settings);
    }

    /** Starts on free ports: one for an administrator, and one for users, who log in and may do what ACLs allow. */
    public static SandboxBroker startWithUsers(TlsStores tls) {
        BrokerNode.UserListener users = new BrokerNode.UserListener(Ports.free(), tls);
        return start(new BrokerNode(temporaryDirectory(), Ports.free(), Ports.free(), users, Map.of()));
    }

    /** Returns once the broker answers. */
    public static SandboxBroker start(int port) {
        return start(port, Map.of());
    }

    private static SandboxBroker start(int port, Map<String, String> settings) {
        return start(new BrokerNode(temporaryDirectory(), port, Ports.free(), null, settings));
    }

    private static SandboxBroker start(BrokerNode node) {
        QuietLogs.quieten();
        node.format();
        SandboxBroker broker = new SandboxBroker(node);
        broker.createGroupCoordinators();
        return broker;
    }

    /** Otherwise the first group creates this topic, and sometimes finds no coordinator for half a minute. */
    private void createGroupCoordinators() {
        topics.create(
                Topic.GROUP_METADATA_TOPIC_NAME, BrokerNode.GROUP_COORDINATORS, Map.of("cleanup.policy", "compact"));
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + node.port();
    }

    /** The listener of the users, with TLS and SCRAM-SHA-512. */
    public String usersBootstrapServers() {
        return "127.0.0.1:" + requireNonNull(node.users()).port();
    }

    /** A client that writes and reads the broker's topics. */
    public TopicClient topics() {
        return topics;
    }

    /** Returns once each partition has a leader. The replication factor is 1. */
    public void createTopic(String name, int partitions, Map<String, String> configs) {
        topics.create(name, partitions, configs);
    }

    /** Shuts the broker down and keeps its data. */
    public synchronized void stop() {
        topics.close();
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    /** Starts the broker again with the same port and data, after stopping it if it runs. */
    public synchronized void restart() {
        stop();
        server = node.start();
    }

    @Override
    public void close() {
        stop();
        delete(node.data());
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("sandbox-broker");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
