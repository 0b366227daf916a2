package org.keyrotation.app.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.keyrotation.app.AppFixture;
import org.keyrotation.app.AppProcess;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.drift.DriftSettings;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TopicClient;

/**
 * The topics, group, API and requests of one fault test. It detects when all requests are complete, and calls the
 * judge.
 */
final class FaultTestFixture implements AutoCloseable {

    static final int PARTITIONS = 16;

    /** The session timeout of the group's members: the broker's minimum. */
    static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

    /** What the API timeouts below make of a lease: 2 * (connect timeout + response timeout) + 5 s for clocks. */
    static final Duration LEASE = Duration.ofSeconds(9);

    /** Short delays and timeouts, no minimum interval between rotations, any port. */
    private static final Map<String, Object> SETTINGS = Map.of(
            "camel.component.kafka.session-timeout-ms",
            SESSION_TIMEOUT.toMillis(),
            "camel.component.kafka.heartbeat-interval-ms",
            1_000,
            "camel.management.port",
            0,
            "rotation.topics.partitions",
            PARTITIONS,
            "rotation.retry.delays",
            "PT1S,PT2S,PT3S",
            "rotation.min-interval",
            "PT0S",
            "rotation.api.connect-timeout",
            "PT1S",
            "rotation.api.response-timeout",
            "PT1S");

    final String acknowledgements = TopicClient.uniqueName("acknowledgements");
    final AppFixture appFixture;
    final SandboxBroker broker;
    final SimulatedManagementApi api;
    final GroupOffsets offsets;
    final RequestSender requests;
    final LeakCollector leakCollector;
    final List<CredentialId> credentials = new ArrayList<>();

    /** Ids of requests that an older version may have found satisfied, which publishes nothing then. */
    final Set<String> maybeSilent = new HashSet<>();

    FaultTestFixture(SandboxBroker broker, SimulatedManagementApi api) throws IOException {
        this.broker = broker;
        this.api = api;
        this.appFixture = new AppFixture(broker, api);
        this.offsets = new GroupOffsets(broker.bootstrapServers(), appFixture.group);
        this.requests = new RequestSender(broker.topics(), appFixture.requests);
        this.leakCollector = new LeakCollector(new SecretScanner(api.apiKey()));
    }

    AppProcess.Launch launch() {
        return configured(AppProcess.packagedWithTestClasses());
    }

    /** Adds the settings with which an instance sees who has adopted a key, and what was rotated by hand. */
    AppProcess.Launch withPeople(AppProcess.Launch launch, DriftSettings.Mode drift) {
        return launch.property("rotation.schedule.enabled", true)
                .property("rotation.schedule.companies", appFixture.company)
                .property("rotation.schedule.tick", "PT1S")
                .property("rotation.schedule.spread", "PT0S")
                .property("rotation.drift", drift.name().toLowerCase(Locale.ROOT))
                .property("rotation.topics.acknowledgements", acknowledgements)
                .property(
                        "rotation.adoption.consumers",
                        String.join(
                                ",", KeyConsumers.TWICE, KeyConsumers.LATE, KeyConsumers.WRONG, KeyConsumers.NEVER));
    }

    /** Adds the settings of this fixture to a launch. */
    AppProcess.Launch configured(AppProcess.Launch launch) {
        launch.environment("ROTATION_API_KEY", api.apiKey())
                .properties(appFixture.properties())
                .property("camel.component.kafka.brokers", broker.bootstrapServers());
        SETTINGS.forEach(launch::property);
        return launch;
    }

    Instance start() {
        return start(launch());
    }

    Instance start(AppProcess.Launch launch) {
        return new Instance(launch.start(), leakCollector);
    }

    /** Adds a credential that no request names yet. */
    CredentialId newCredential() {
        return add(new CredentialId(appFixture.company, "S2-" + (credentials.size() + 1)));
    }

    CredentialId add(CredentialId credential) {
        credentials.add(credential);
        api.addCredential(credential.companyId(), credential.apiCredentialId());
        return credential;
    }

    /**
     * Waits until the group has committed every record of the requests topic and the retry topics. After a timeout the
     * test continues: the judge reports the incomplete requests.
     */
    void awaitDrained(Duration timeout) {
        DrainCheck drainCheck = new DrainCheck(offsets, this::isRequestsOrRetry);
        try {
            Awaitility.await()
                    .atMost(timeout)
                    .pollInterval(Duration.ofMillis(300))
                    .until(drainCheck::isDrained);
        } catch (ConditionTimeoutException e) {
            System.out.println("not drained after " + timeout + ": " + offsets.uncommitted(this::isRequestsOrRetry));
        }
    }

    void awaitMembers(LongPredicate condition, Duration timeout) {
        Awaitility.await("members of " + appFixture.group)
                .atMost(timeout)
                .until(() -> condition.test(offsets.members()));
    }

    int keyEventCount() {
        return broker.topics().readAll(appFixture.keys).size();
    }

    boolean isRequestsOrRetry(String topic) {
        return topic.equals(appFixture.requests) || isRetry(topic);
    }

    boolean isRetry(String topic) {
        return topic.startsWith(appFixture.retryPrefix + ".");
    }

    Verdict judge() throws IOException {
        return Judge.judge(new HistoryReader(this).read());
    }

    @Override
    public void close() {
        offsets.close();
    }
}
