package org.keyrotation.app.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.keyrotation.app.AppFixture;
import org.keyrotation.app.AppProcess;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Topics, a group, an API and requests for one test; knows when all of it is done, and has it judged. */
final class FaultTestFixture implements AutoCloseable {

    static final int PARTITIONS = 16;

    /** After which Kafka gives the partitions of an instance that is dead, or paused, to another; the least it allows. */
    static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

    /** Short delays; any number of rotations for a credential; any port. */
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
            "rotation.api.response-timeout",
            "PT1S");

    final AppFixture work;
    final SandboxBroker broker;
    final SimulatedManagementApi api;
    final GroupOffsets offsets;
    final Requests requests;
    final LeakCollector heard;
    final List<CredentialId> credentials = new ArrayList<>();

    FaultTestFixture(SandboxBroker broker, SimulatedManagementApi api) throws IOException {
        this.broker = broker;
        this.api = api;
        this.work = new AppFixture(broker, api);
        this.offsets = new GroupOffsets(broker.bootstrapServers(), work.group);
        this.requests = new Requests(broker.topics(), work.requests);
        this.heard = new LeakCollector(new Leaks(api.apiKey()));
    }

    AppProcess.Launch launch() {
        AppProcess.Launch launch = AppProcess.packagedWithTestClasses()
                .environment("ROTATION_API_KEY", api.apiKey())
                .properties(work.names())
                .property("camel.component.kafka.brokers", broker.bootstrapServers());
        SETTINGS.forEach(launch::property);
        return launch;
    }

    Instance start() {
        return new Instance(launch().start(), heard);
    }

    /** One that the API knows, and nobody has asked for yet. */
    CredentialId newCredential() {
        return add(new CredentialId(work.company, "S2-" + (credentials.size() + 1)));
    }

    CredentialId add(CredentialId credential) {
        credentials.add(credential);
        api.addCredential(credential.companyId(), credential.apiCredentialId());
        return credential;
    }

    /**
     * Until everything is committed, on the requests topic and on the retry topics. Where that does not come, the judge
     * will tell.
     */
    void awaitDrained(Duration patience) {
        Drained drained = new Drained(offsets, this::isWork);
        try {
            Awaitility.await()
                    .atMost(patience)
                    .pollInterval(Duration.ofMillis(300))
                    .until(drained::isSo);
        } catch (ConditionTimeoutException e) {
            System.out.println("not done after " + patience + ": " + offsets.uncommitted(this::isWork));
        }
    }

    void awaitMembers(LongPredicate enough, Duration patience) {
        Awaitility.await("members of " + work.group).atMost(patience).until(() -> enough.test(offsets.members()));
    }

    int keyEvents() {
        return broker.topics().readAll(work.keys).size();
    }

    boolean isWork(String topic) {
        return topic.equals(work.requests) || isRetry(topic);
    }

    boolean isRetry(String topic) {
        return topic.startsWith(work.retryPrefix + ".");
    }

    Verdict judge() throws IOException {
        return Judge.judge(new Evidence(this).gather());
    }

    @Override
    public void close() {
        offsets.close();
    }
}
