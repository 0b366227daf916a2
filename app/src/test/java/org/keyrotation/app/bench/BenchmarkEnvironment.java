package org.keyrotation.app.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.keyrotation.app.AppProcess;
import org.keyrotation.sandbox.Topics;

/** Topics, a group and an API for one run, and those who run in it. */
final class BenchmarkEnvironment implements AutoCloseable {

    private static final Map<String, String> BY_THE_BROKERS_CLOCK = Map.of("message.timestamp.type", "LogAppendTime");
    private static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact");
    private static final String API_MEMORY = "-Xmx1g";

    final Topics topics;
    final String requests = Topics.uniqueName("requests");
    final String keys = Topics.uniqueName("keys");
    private final Scenario scenario;
    private final String brokers;
    private final String failures = Topics.uniqueName("failures");
    private final String ledger = Topics.uniqueName("ledger");
    private final String retries = Topics.uniqueName("retry");
    private final String group = Topics.uniqueName("group");
    private final AppProcess api;
    private final String baseUrl;
    private final List<AppProcess> contestants = new ArrayList<>();

    BenchmarkEnvironment(Scenario scenario, String brokers) {
        this.scenario = scenario;
        this.brokers = brokers;
        this.topics = new Topics(brokers);
        topics.create(keys, scenario.fleet().partitions(), BY_THE_BROKERS_CLOCK);
        topics.create(ledger, scenario.fleet().partitions(), COMPACTED);
        plainTopics().forEach(topic -> topics.create(topic, scenario.fleet().partitions(), Map.of()));
        this.api = AppProcess.ofTestClass(ApiMain.class)
                .jvm(API_MEMORY)
                .arguments(scenario.latencyMs(), scenario.tailMs(), scenario.tailShare(), scenario.credentials())
                .start();
        if (scenario.known() > 0) {
            try (Load load = new Load(brokers, Duration.ofMillis(5))) {
                load.ledger(ledger, scenario.known());
            }
        }
        this.baseUrl = api.line(ApiMain.AT).substring(ApiMain.AT.length());
    }

    AppProcess start(Implementation contender) {
        AppProcess contestant = contender
                .prepared()
                .properties(scenario.properties())
                .property("rotation.topics.requests", requests)
                .property("rotation.topics.keys", keys)
                .property("rotation.topics.failures", failures)
                .property("rotation.topics.ledger", ledger)
                .property("rotation.topics.retry-prefix", retries)
                .property("rotation.min-interval", "PT0S")
                .property("rotation.kafka.group-id", group)
                .property("rotation.api.base-url", baseUrl)
                .property("camel.component.kafka.brokers", brokers)
                .property("camel.management.port", 0)
                .environment("ROTATION_API_KEY", ApiMain.KEY)
                .start();
        contestants.add(contestant);
        return contestant;
    }

    List<AppProcess> contestants() {
        return contestants;
    }

    long uncommitted() {
        return topics.lag(group, requests);
    }

    /** That were written since the arena was made, and before. */
    long ledgerEntries() {
        return topics.written(ledger);
    }

    /** Ends all, in good order, and answers with what the API saw. */
    ApiFigures end() {
        contestants.forEach(contestant -> {
            int status = contestant.terminate();
            if (status != 0 && status != 143) {
                throw new IllegalStateException("status " + status + " of " + contestant);
            }
        });
        int unused = api.terminate();
        return ApiFigures.parse(api.line(ApiMain.SAW).substring(ApiMain.SAW.length()));
    }

    @Override
    public void close() {
        contestants.forEach(AppProcess::close);
        api.close();
        try (topics) {
            topics.delete(Stream.concat(Stream.of(keys, ledger), plainTopics()).toList());
        }
    }

    /** There is a retry topic for each of the default delays. */
    private Stream<String> plainTopics() {
        return Stream.of(requests, failures, retries + ".1", retries + ".2", retries + ".3");
    }
}
