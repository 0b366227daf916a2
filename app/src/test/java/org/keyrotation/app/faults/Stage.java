package org.keyrotation.app.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongPredicate;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.app.AppProcess;
import org.keyrotation.app.Workplace;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Topics, a group and an API for one test: notes down what is asked there, and knows when all of it is done. */
final class Stage implements AutoCloseable {

    /** After which Kafka gives the partitions of an instance that is dead, or paused, to another; the least it allows. */
    static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

    final Workplace work;
    final SandboxBroker broker;
    final SimulatedManagementApi api;
    final GroupOffsets offsets;
    final List<Asked> asked = new ArrayList<>();
    final List<CredentialId> credentials = new ArrayList<>();
    final Heard heard;

    Stage(SandboxBroker broker, SimulatedManagementApi api) throws IOException {
        this.broker = broker;
        this.api = api;
        this.work = new Workplace(broker, api);
        this.offsets = new GroupOffsets(broker.bootstrapServers(), work.group);
        this.heard = new Heard(new Leaks(api.apiKey()));
    }

    /** Short delays; any number of rotations for a credential. */
    AppProcess.Launch launch() {
        Map<String, Object> settings = new LinkedHashMap<>(work.names());
        settings.put("camel.component.kafka.brokers", broker.bootstrapServers());
        settings.put("camel.component.kafka.session-timeout-ms", SESSION_TIMEOUT.toMillis());
        settings.put("camel.component.kafka.heartbeat-interval-ms", 1_000);
        settings.put("camel.management.port", 0);
        settings.put("rotation.topics.partitions", 16);
        settings.put("rotation.retry.delays", "PT1S,PT2S,PT3S");
        settings.put("rotation.min-interval", "PT0S");
        settings.put("rotation.api.response-timeout", "PT1S");
        AppProcess.Launch launch = AppProcess.packagedWithTestClasses().environment("ROTATION_API_KEY", api.apiKey());
        settings.forEach(launch::property);
        return launch;
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

    /** With the key of its credential, so that it is in its home partition. */
    Asked ask(RotationRequest request) {
        return ask(request, request.credential().toString());
    }

    Asked ask(RotationRequest request, @Nullable String key) {
        RecordMetadata place = send(key, json(request));
        RotationRequest made = request.completed(place(place), Instant.ofEpochMilli(place.timestamp()));
        Asked noted = Asked.of(
                Objects.requireNonNull(made.requestId()),
                made.credential(),
                Objects.requireNonNull(made.requestedAt()));
        asked.add(noted);
        return noted;
    }

    /** The request that was made last must end in this failure. */
    void mustFail(FailureCode code) {
        asked.add(asked.remove(asked.size() - 1).failing(code));
    }

    /** What cannot be read as a request. */
    void askInVain(String text, FailureCode code) {
        String place = place(send("anything", text));
        asked.add(new Asked(place, null, Instant.now(), code));
    }

    /** Once more, as it was sent before. */
    void repeat(RotationRequest request) {
        send(request.credential().toString(), json(request));
    }

    /**
     * Until everything is committed, on the requests topic and on the retry topics: twice in a row, as a record can be on
     * its way between them. Where that does not come, the judge will tell.
     */
    void awaitDrained(Duration patience) {
        Drained drained = new Drained(offsets, this::isWork);
        try {
            Awaitility.await("everything done")
                    .atMost(patience)
                    .pollInterval(Duration.ofMillis(300))
                    .until(drained::isSo);
        } catch (ConditionTimeoutException e) {
            System.out.println("not drained after " + patience + ": " + offsets.uncommitted(this::isWork));
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

    private RecordMetadata send(@Nullable String key, String text) {
        return broker.topics().send(work.requests, key == null ? null : key.getBytes(UTF_8), text.getBytes(UTF_8));
    }

    private static String place(RecordMetadata place) {
        return place.topic() + "-" + place.partition() + "-" + place.offset();
    }

    private static String json(RotationRequest request) {
        try {
            return Json.mapper().writeValueAsString(request);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        offsets.close();
    }
}
