package org.keyrotation.app.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.AppProcess;
import org.keyrotation.sandbox.TopicClient;

/** The topics, group and API of one run, and the processes that do the work. */
final class BenchmarkEnvironment implements AutoCloseable {

    private static final Map<String, String> LOG_APPEND_TIME = Map.of("message.timestamp.type", "LogAppendTime");
    private static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact");
    private static final String API_MEMORY = "-Xmx2g";

    final TopicClient topics;
    final String requests = TopicClient.uniqueName("requests");
    final String keys = TopicClient.uniqueName("keys");
    private final Scenario scenario;
    private final String brokers;
    private final String failures = TopicClient.uniqueName("failures");
    private final String satisfied = TopicClient.uniqueName("satisfied");
    private final String ledger = TopicClient.uniqueName("ledger");
    private final String retryPrefix = TopicClient.uniqueName("retry");
    private final String group = TopicClient.uniqueName("group");
    private final AppProcess api;
    private final String baseUrl;
    private final int pagePort = freePort();
    private final List<AppProcess> processes = new ArrayList<>();
    private @Nullable PageVisitor visitor;

    BenchmarkEnvironment(Scenario scenario, String brokers) {
        this.scenario = scenario;
        this.brokers = brokers;
        this.topics = new TopicClient(brokers);
        topics.create(keys, scenario.deployment().partitions(), LOG_APPEND_TIME);
        topics.create(ledger, scenario.deployment().partitions(), COMPACTED);
        uncompactedTopics()
                .forEach(topic -> topics.create(topic, scenario.deployment().partitions(), Map.of()));
        this.api = AppProcess.ofTestClass(ApiMain.class)
                .jvm(API_MEMORY)
                .arguments(scenario.latencyMs(), scenario.tailMs(), scenario.tailShare(), scenario.credentials())
                .start();
        if (scenario.ledgerCredentials() > 0) {
            try (LoadGenerator load = new LoadGenerator(brokers, Duration.ofMillis(5))) {
                load.ledger(ledger, scenario.ledgerCredentials());
            }
        }
        this.baseUrl = api.line(ApiMain.ADDRESS_PREFIX).substring(ApiMain.ADDRESS_PREFIX.length());
    }

    AppProcess start(Implementation implementation, TestedJvm jvm) {
        List<String> options = new ArrayList<>(List.of("-Xmx" + scenario.memoryMegabytes() + "m"));
        properties().forEach((name, value) -> options.add("-D" + name + "=" + value));
        AppProcess process = implementation
                .launch(jvm, options)
                .environment("ROTATION_API_KEY", ApiMain.KEY)
                .start();
        processes.add(process);
        if (scenario.deployment().page() && implementation == Implementation.KEY_ROTATION) {
            visitor = PageVisitor.start(pagePort);
        }
        return process;
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>(scenario.properties());
        properties.put("rotation.topics.requests", requests);
        properties.put("rotation.topics.keys", keys);
        properties.put("rotation.topics.failures", failures);
        properties.put("rotation.topics.satisfied", satisfied);
        properties.put("rotation.topics.ledger", ledger);
        properties.put("rotation.topics.retry-prefix", retryPrefix);
        properties.put("rotation.min-interval", "PT0S");
        properties.put("rotation.kafka.group-id", group);
        properties.put("rotation.api.base-url", baseUrl);
        properties.put("camel.component.kafka.brokers", brokers);
        properties.put("camel.management.port", "0");
        properties.put(
                "rotation.page.enabled", Boolean.toString(scenario.deployment().page()));
        properties.put("rotation.page.port", Integer.toString(pagePort));
        return properties;
    }

    List<AppProcess> processes() {
        return processes;
    }

    long uncommitted() {
        return topics.lag(group, requests);
    }

    /** The number of entries ever written, including those of the load. */
    long ledgerEntries() {
        return topics.recordCount(ledger);
    }

    /** Returns how long each view of the page took, in milliseconds; empty without a visitor. */
    Optional<double[]> pageMillis() {
        return Optional.ofNullable(visitor).map(PageVisitor::millis);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops all processes gracefully and returns the API's figures. */
    ApiFigures stop() {
        processes.forEach(process -> {
            int status = process.terminate();
            if (status != 0 && status != 143) {
                throw new IllegalStateException("status " + status + " of " + process);
            }
        });
        int unused = api.terminate();
        return ApiFigures.parse(api.line(ApiMain.FIGURES_PREFIX).substring(ApiMain.FIGURES_PREFIX.length()));
    }

    @Override
    public void close() {
        if (visitor != null) {
            visitor.close();
        }
        processes.forEach(AppProcess::close);
        api.close();
        try (topics) {
            topics.delete(
                    Stream.concat(Stream.of(keys, ledger), uncompactedTopics()).toList());
        }
    }

    /** The topics without compaction, with a retry topic for each default delay. */
    private Stream<String> uncompactedTopics() {
        return Stream.of(requests, failures, satisfied, retryPrefix + ".1", retryPrefix + ".2", retryPrefix + ".3");
    }
}
