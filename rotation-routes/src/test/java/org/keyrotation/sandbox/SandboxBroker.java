package org.keyrotation.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kafka.server.KafkaRaftServer;
import org.jspecify.annotations.Nullable;

/** A real Kafka broker in this JVM: one KRaft node on loopback, its data in a temporary directory. */
public final class SandboxBroker implements AutoCloseable {

    private final BrokerNode node;
    private final Topics topics;
    private @Nullable KafkaRaftServer server;

    private SandboxBroker(BrokerNode node) {
        this.node = node;
        this.server = node.start();
        this.topics = new Topics(bootstrapServers());
    }

    /** On a free port. */
    public static SandboxBroker start() {
        return start(Ports.free());
    }

    /** Returns once the broker answers. */
    public static SandboxBroker start(int port) {
        QuietLogs.quieten();
        BrokerNode node = new BrokerNode(temporaryDirectory(), port, Ports.free());
        node.format();
        return new SandboxBroker(node);
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + node.port();
    }

    /** To write and read its topics. */
    public Topics topics() {
        return topics;
    }

    /** Returns once each partition has a leader; replicated once, as there is one broker. */
    public void createTopic(String name, int partitions, Map<String, String> configs) {
        topics.create(name, partitions, configs);
    }

    /** Takes the broker away, in good order; its data stays. */
    public synchronized void stop() {
        topics.close();
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    /** Starts it again on the same port with the same data; stops it before where it runs. */
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
