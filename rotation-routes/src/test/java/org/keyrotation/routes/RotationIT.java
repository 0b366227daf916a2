package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.sandbox.Generation;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** A request becomes a new key, or a failure, on its topic. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class RotationIT {

    private static final Instant LONG_AGO = Instant.parse("2025-11-23T07:00:00Z");

    private final SimulatedManagementApi api;
    private final TestTopics topics;

    RotationIT(SimulatedManagementApi api, TestTopics topics) {
        this.api = api;
        this.topics = topics;
    }

    @Test
    @Tag("I3")
    void requestYieldsTheKeyThatTheApiHolds() {
        ConsumerRecord<byte[], byte[]> message = rotateOnce();

        assertThat(message.key()).asString(UTF_8).isEqualTo("AcmeCorp/S2-1");
        ClientKeyRotated event = TestTopics.read(message, ClientKeyRotated.class);
        assertThat(event.requestId()).isEqualTo("request-S2-1");
        assertThat(event.clientKey().value()).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        assertThat(event.keyFingerprint()).isEqualTo(event.clientKey().fingerprint());
        assertThat(event.recovered()).isFalse();
        assertThat(api.generateRequests()).hasSize(1);
        assertThat(topics.records(topics.failuresTopic())).isEmpty();
    }

    @Test
    @Tag("I4")
    void timesAreOnTheSafeSide() {
        ClientKeyRotated event = TestTopics.read(rotateOnce(), ClientKeyRotated.class);

        Generation truth = api.truth().generations(COMPANY, "S2-1").get(0);
        assertThat(event.usableFrom()).isAfterOrEqualTo(truth.usableFrom());
        assertThat(event.previousKeyExpiresAt()).isBeforeOrEqualTo(truth.previousKeyExpiresAt());
        assertThat(event.generatedAt()).isBeforeOrEqualTo(truth.generatedAt());
    }

    @Test
    @Tag("I4")
    void slowResponseKeepsTheTimesOnTheSafeSide() {
        api.latency(Duration.ofMillis(700));
        api.activationDelay(Duration.ofMinutes(5));

        ClientKeyRotated event = TestTopics.read(rotateOnce(), ClientKeyRotated.class);

        Generation truth = api.truth().generations(COMPANY, "S2-1").get(0);
        assertThat(event.usableFrom()).isAfterOrEqualTo(truth.usableFrom());
        assertThat(event.previousKeyExpiresAt()).isBeforeOrEqualTo(truth.previousKeyExpiresAt());
    }

    @Test
    void keyEventHasCloudEventHeadersOnly() {
        ConsumerRecord<byte[], byte[]> message = rotateOnce();

        ClientKeyRotated event = TestTopics.read(message, ClientKeyRotated.class);
        assertThat(headers(message))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "request-S2-1",
                        "ce_source", "urn:org.keyrotation:key-rotation",
                        "ce_type", "org.keyrotation.clientkey.rotated.v1",
                        "ce_subject", "AcmeCorp/S2-1",
                        "ce_time", event.generatedAt().toString(),
                        "content-type", "application/json"));
    }

    @Test
    void failureEventHasCloudEventHeadersOnly() {
        ConsumerRecord<byte[], byte[]> message = failOnce("S2-unknown");

        RotationFailed event = TestTopics.read(message, RotationFailed.class);
        assertThat(message.key()).asString(UTF_8).isEqualTo("AcmeCorp/S2-unknown");
        assertThat(headers(message))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "request-S2-unknown",
                        "ce_source", "urn:org.keyrotation:key-rotation",
                        "ce_type", "org.keyrotation.clientkey.rotation-failed.v1",
                        "ce_subject", "AcmeCorp/S2-unknown",
                        "ce_time", event.failedAt().toString(),
                        "content-type", "application/json"));
    }

    @Test
    @Tag("I1")
    void satisfiedEventHasCloudEventHeadersOnlyAndIsValidAgainstItsSchema() throws Exception {
        topics.processAll(() -> {
            topics.request("S2-1");
            topics.request("S2-1", "earlier", LONG_AGO);
        });

        ConsumerRecord<byte[], byte[]> message = only(topics.records(topics.satisfiedTopic()));
        RequestSatisfied event = TestTopics.read(message, RequestSatisfied.class);
        ClientKeyRotated key = topics.rotated().get(0);
        assertThat(message.key()).asString(UTF_8).isEqualTo("AcmeCorp/S2-1");
        assertThat(event)
                .isEqualTo(new RequestSatisfied(
                        "earlier",
                        COMPANY,
                        "S2-1",
                        key.generatedAt(),
                        key.keyFingerprint(),
                        event.satisfiedAt(),
                        "leak",
                        "alice",
                        LONG_AGO));
        assertThat(headers(message))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "earlier",
                        "ce_source", "urn:org.keyrotation:key-rotation",
                        "ce_type", "org.keyrotation.clientkey.request-satisfied.v1",
                        "ce_subject", "AcmeCorp/S2-1",
                        "ce_time", event.satisfiedAt().toString(),
                        "content-type", "application/json"));
        assertThat(violations("request-satisfied.schema.json", message)).isEmpty();
    }

    @Test
    void keyAndFailureSayWhoRequestedTheRotationWhenAndWhy() {
        topics.processAll(() -> {
            topics.request("S2-1", "first", LONG_AGO);
            topics.request("S2-unknown", "second", LONG_AGO);
        });

        assertThat(topics.rotated()).singleElement().satisfies(event -> {
            assertThat(event.reason()).isEqualTo("leak");
            assertThat(event.requestedBy()).isEqualTo("alice");
            assertThat(event.requestedAt()).isEqualTo(LONG_AGO);
            assertThat(event.forced()).isFalse();
        });
        assertThat(topics.failed()).singleElement().satisfies(event -> {
            assertThat(event.reason()).isEqualTo("leak");
            assertThat(event.requestedBy()).isEqualTo("alice");
            assertThat(event.requestedAt()).isEqualTo(LONG_AGO);
            assertThat(event.forced()).isFalse();
        });
    }

    @Test
    void failureNamesItsSource() {
        RotationFailed event = TestTopics.read(failOnce("S2-unknown"), RotationFailed.class);

        assertThat(event.code()).isEqualTo(FailureCode.CREDENTIAL_NOT_FOUND);
        assertThat(event.source()).isNotNull();
        assertThat(event.source().topic()).isEqualTo(topics.requestsTopic());
        assertThat(event.source().offset()).isZero();
        assertThat(event.originalRequest()).isNull();
    }

    @Test
    void keyEventIsValidAgainstItsSchema() throws Exception {
        assertThat(violations("client-key-rotated.schema.json", rotateOnce())).isEmpty();
    }

    @Test
    void failureEventIsValidAgainstItsSchema() throws Exception {
        assertThat(violations("rotation-failed.schema.json", failOnce("S2-unknown")))
                .isEmpty();
    }

    @Test
    void requestWithoutIdIsNamedAfterItsOffset() {
        topics.start().close();
        topics.send("{\"companyId\":\"AcmeCorp\",\"apiCredentialId\":\"S2-1\"}".getBytes(UTF_8));
        String partition = topics.records(topics.requestsTopic()).get(0).partition() + "";

        topics.processAll();

        assertThat(topics.rotated())
                .singleElement()
                .extracting(ClientKeyRotated::requestId)
                .isEqualTo(topics.requestsTopic() + "-" + partition + "-0");
    }

    @Test
    @Tag("I7")
    void restartRotatesNothingAgain() {
        rotateOnce();

        api.addCredential(COMPANY, "S2-2");
        topics.processAll(() -> topics.request("S2-2"));

        assertThat(api.truth().generations(COMPANY, "S2-1")).hasSize(1);
        assertThat(api.truth().totalGenerations()).isEqualTo(2);
    }

    private ConsumerRecord<byte[], byte[]> rotateOnce() {
        topics.processAll(() -> topics.request("S2-1"));
        return only(topics.records(topics.keysTopic()));
    }

    private ConsumerRecord<byte[], byte[]> failOnce(String apiCredentialId) {
        topics.processAll(() -> topics.request(apiCredentialId));
        return only(topics.records(topics.failuresTopic()));
    }

    private static ConsumerRecord<byte[], byte[]> only(List<ConsumerRecord<byte[], byte[]>> records) {
        assertThat(records).hasSize(1);
        return records.get(0);
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> message) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : message.headers()) {
            assertThat(headers.put(header.key(), new String(header.value(), UTF_8)))
                    .as("duplicate header %s", header.key())
                    .isNull();
        }
        return headers;
    }

    private static List<?> violations(String schema, ConsumerRecord<byte[], byte[]> message) throws Exception {
        try (InputStream in = ClientKeyRotated.class.getResourceAsStream(schema)) {
            JsonSchema read = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(in);
            return List.copyOf(read.validate(new String(message.value(), UTF_8), InputFormat.JSON));
        }
    }
}
