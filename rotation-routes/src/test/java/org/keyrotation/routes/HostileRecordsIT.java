package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.model.FailureCode.INVALID_REQUEST;
import static org.keyrotation.model.FailureCode.MALFORMED_REQUEST;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.sandbox.ReceivedRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Records on the requests topic that are no valid requests, from careless or malicious producers. */
@ExtendWith(TestTopicsExtension.class)
class HostileRecordsIT {

    private static final int MEBIBYTE = 1024 * 1024;
    private static final String MAX_RECORD_BYTES = Integer.toString(2 * MEBIBYTE);
    private static final String EVIL = "evil";

    private final SandboxBroker broker;
    private final SimulatedManagementApi api;
    private final TestTopics topics;

    HostileRecordsIT(SandboxBroker broker, SimulatedManagementApi api, TestTopics topics) {
        this.broker = broker;
        this.api = api;
        this.topics = topics;
    }

    @Test
    @Tag("I1")
    @Tag("I5")
    void hostileRecordsFailAndGoodOnesAreRotated() {
        broker.createTopic(topics.requestsTopic(), 4, Map.of("max.message.bytes", MAX_RECORD_BYTES));
        List<Hostile> hostile = Stream.generate(HostileRecordsIT::bodies)
                .flatMap(List::stream)
                .limit(300)
                .toList();
        List<String> good = IntStream.range(0, 50).mapToObj(i -> "S2-good-" + i).toList();
        good.forEach(id -> api.addCredential(COMPANY, id));

        topics.processAll(() -> sendMixed(hostile, good));

        assertThat(topics.rotated())
                .extracting(event -> event.apiCredentialId())
                .containsExactlyInAnyOrderElementsOf(good);
        assertThat(codes(topics.failed()))
                .isEqualTo(hostile.stream().collect(Collectors.groupingBy(Hostile::code, Collectors.counting())));
        assertThat(api.requests())
                .extracting(request -> request.method() + " " + request.uri())
                .containsExactlyInAnyOrderElementsOf(good.stream()
                        .map(id -> "/v3/companies/AcmeCorp/apiCredentials/" + id)
                        .flatMap(path -> Stream.of("GET " + path, "POST " + path + "/generateClientKey"))
                        .toList());
    }

    @Test
    @Tag("I1")
    void hostileRecordFailsWithItsCode() {
        broker.createTopic(topics.requestsTopic(), 1, Map.of("max.message.bytes", MAX_RECORD_BYTES));
        List<Hostile> hostile = bodies();

        topics.processAll(() -> sendMixed(hostile, List.of()));

        List<RotationFailed> failures = topics.failed();
        for (int offset = 0; offset < hostile.size(); offset++) {
            Hostile sent = hostile.get(offset);
            RotationFailed failure = at(failures, offset);
            assertThat(failure.code()).as(sent.name()).isEqualTo(sent.code());
            assertThat(failure.attempts()).isZero();
            assertThat(failure.retryable()).isFalse();
            assertThat(failure.originalRequest())
                    .as(sent.name())
                    .isEqualTo(RotationFailed.firstBytesOf(sent.value()))
                    .satisfiesAnyOf(text -> assertThat(text).isNull(), text -> assertThat(text)
                            .hasSizeLessThanOrEqualTo(4096));
        }
        assertThat(topics.records(topics.failuresTopic())).allSatisfy(message -> {
            RotationFailed failure = TestTopics.read(message, RotationFailed.class);
            assertThat(message.key() == null).isEqualTo(failure.credential() == null);
        });
        assertThat(api.requests()).isEmpty();
    }

    @Test
    @Tag("I6")
    void recordHeadersReachNeitherTheApiNorAnotherTopic() {
        api.addCredential(COMPANY, "S2-1");
        broker.createTopic(EVIL + topics.group(), 1, Map.of());

        topics.processAll(() -> topics.request("S2-1", "good", headers(topics.group())));

        assertThat(api.requests()).hasSize(2);
        assertThat(api.generateRequests()).hasSize(1);
        api.requests().forEach(this::assertNoHostileHeader);
        assertThat(topics.records(EVIL + topics.group())).isEmpty();
        assertCleanEvent(topics.records(topics.keysTopic()), "AcmeCorp/S2-1");
    }

    private void assertNoHostileHeader(ReceivedRequest request) {
        assertThat(request.uri()).startsWith("/v3/companies/AcmeCorp/apiCredentials/S2-1");
        assertThat(request.header("X-API-Key")).contains(api.apiKey());
        assertThat(request.headers().toString()).doesNotContainIgnoringCase(EVIL);
        assertThat(request.headers()).doesNotContainKeys("Authorization", "Content-Type", "Transfer-Encoding");
    }

    @Test
    @Tag("I6")
    void recordHeadersDoNotReachTheFailure() {
        broker.createTopic(EVIL + topics.group(), 1, Map.of());

        topics.processAll(() -> {
            topics.request("S2-unknown", "good", headers(topics.group()));
            broker.topics().send(topics.requestsTopic(), null, "nonsense".getBytes(UTF_8), headers(topics.group()));
        });

        assertThat(topics.failed()).hasSize(2);
        assertThat(topics.records(EVIL + topics.group())).isEmpty();
        assertThat(topics.records(topics.failuresTopic())).allSatisfy(HostileRecordsIT::assertCleanEvent);
    }

    @Test
    void recordKeyIsNotTheKeyOfItsOutcome() {
        api.addCredential(COMPANY, "S2-1");
        byte[] request = "{\"companyId\":\"AcmeCorp\",\"apiCredentialId\":\"S2-1\"}".getBytes(UTF_8);

        topics.processAll(() ->
                broker.topics().send(topics.requestsTopic(), "OtherCorp/S2-9".getBytes(UTF_8), request, List.of()));

        assertCleanEvent(topics.records(topics.keysTopic()), "AcmeCorp/S2-1");
    }

    private static void assertCleanEvent(List<ConsumerRecord<byte[], byte[]>> records, String key) {
        assertThat(records).hasSize(1);
        assertThat(records.get(0).key()).asString(UTF_8).isEqualTo(key);
        assertCleanEvent(records.get(0));
    }

    private static void assertCleanEvent(ConsumerRecord<byte[], byte[]> message) {
        assertThat(message.headers())
                .extracting(Header::key)
                .isSubsetOf("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "content-type")
                .doesNotHaveDuplicates();
        assertThat(message.headers())
                .extracting(header -> new String(header.value(), UTF_8))
                .noneMatch(value -> value.contains(EVIL));
        assertThat(new String(message.value(), UTF_8)).doesNotContain(EVIL);
    }

    /** Header names that have a meaning to Camel, its components or HTTP. */
    private static List<Header> headers(String group) {
        return Stream.of(
                        "CamelHttpUri",
                        "CamelHttpPath",
                        "CamelHttpQuery",
                        "CamelHttpRawQuery",
                        "CamelHttpMethod",
                        "camelhttpuri",
                        "CAMELHTTPPATH",
                        "CamelHttpResponseCode",
                        "CamelHttpProtocolVersion",
                        "CamelRestHttpUri",
                        "Authorization",
                        "authorization",
                        "X-API-Key",
                        "x-api-key",
                        "Idempotency-Key",
                        "Host",
                        "Content-Type",
                        "Content-Encoding",
                        "Content-Length",
                        "Transfer-Encoding",
                        "Accept",
                        "Cookie",
                        "Expect",
                        "kafka.OVERRIDE_TOPIC",
                        "kafka.TOPIC",
                        "kafka.KEY",
                        "kafka.PARTITION_KEY",
                        "kafka.OFFSET",
                        "CamelKafkaOverrideTopic",
                        "CamelKafkaKey",
                        "CamelKafkaManualCommit",
                        "CamelKafkaPartitionKey",
                        "CamelRedeliveryDelay",
                        "CamelRedelivered",
                        "CamelExceptionCaught",
                        "CamelSplitIndex",
                        "breadcrumbId",
                        "transient-error",
                        "Retry-After",
                        "ce_id",
                        "ce_type",
                        "ce_source",
                        "ce_subject",
                        "ce_evil",
                        "content-type",
                        "traceparent")
                .map(name -> (Header) new RecordHeader(name, (EVIL + group).getBytes(UTF_8)))
                .toList();
    }

    /** Hostile bodies, each with its failure code. */
    private static List<Hostile> bodies() {
        List<Hostile> all = new ArrayList<>();
        all.add(new Hostile("tombstone", MALFORMED_REQUEST, null));
        malformed(all, "empty", "");
        malformed(all, "blank", "  ");
        malformed(all, "1 MiB", "{\"reason\":\"" + "x".repeat(MEBIBYTE) + "\"}");
        malformed(all, "just above 64 KiB", valid().replace("}", ",\"x\":\"" + "y".repeat(64 * 1024) + "\"}"));
        all.add(new Hostile("invalid UTF-8", MALFORMED_REQUEST, new byte[] {'{', (byte) 0xC3, (byte) 0x28, '}'}));
        all.add(new Hostile("binary", MALFORMED_REQUEST, new byte[] {0, 1, 2, (byte) 0xFF, (byte) 0xFE}));
        all.add(new Hostile("UTF-16", MALFORMED_REQUEST, valid().getBytes(UTF_16)));
        malformed(all, "byte order mark", "\uFEFF" + valid());
        malformed(all, "trailing text", valid() + " x");
        malformed(all, "two objects", valid() + valid());
        malformed(all, "repeated field", valid().replace("{", "{\"companyId\":\"OtherCorp\","));
        malformed(all, "repeated unknown field", valid().replace("{", "{\"a\":1,\"a\":2,"));
        malformed(all, "number for an id", "{\"companyId\":1,\"apiCredentialId\":\"S2-1\"}");
        malformed(all, "object for an id", "{\"companyId\":{\"a\":1},\"apiCredentialId\":\"S2-1\"}");
        malformed(all, "text for a boolean", valid().replace("}", ",\"force\":\"true\"}"));
        malformed(all, "number for a boolean", valid().replace("}", ",\"force\":1}"));
        malformed(all, "number for an instant", valid().replace("}", ",\"requestedAt\":1764000000}"));
        malformed(all, "no instant", valid().replace("}", ",\"requestedAt\":\"yesterday\"}"));
        malformed(all, "huge number", valid().replace("}", ",\"requestId\":" + "9".repeat(5000) + "}"));
        malformed(all, "huge exponent", valid().replace("}", ",\"requestId\":1e999999999}"));
        malformed(all, "deep nesting", "[".repeat(20_000));
        malformed(
                all, "deep unknown field", valid().replace("}", ",\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}"));
        malformed(all, "array", "[" + valid() + "]");
        malformed(all, "text", "\"" + COMPANY + "\"");
        malformed(all, "null", "null");
        malformed(all, "XML", "<request/>");
        malformed(all, "cut off", valid().substring(0, 20));
        invalid(all, "no ids", "{}");
        invalid(all, "null ids", "{\"companyId\":null,\"apiCredentialId\":null}");
        Stream.of(
                        "../",
                        "..",
                        ".",
                        "%2e%2e",
                        "a/../b",
                        "a/b",
                        "a b",
                        "",
                        " ",
                        "a\\nb",
                        "a\\r\\nX-Evil: 1",
                        "?x=y",
                        "a?x=y",
                        "a#b",
                        "a%00b",
                        "\\u0000",
                        "a\\\\b",
                        "ünïcode",
                        "\\uD800",
                        "{{env:PATH}}",
                        "${header.x}",
                        "a:b",
                        "x".repeat(101))
                .forEach(id -> {
                    invalid(all, "company " + id, ids(id, "S2-1"));
                    invalid(all, "credential " + id, ids(COMPANY, id));
                });
        invalid(all, "empty requestId", valid().replace("}", ",\"requestId\":\"\"}"));
        invalid(all, "line feed in requestId", valid().replace("}", ",\"requestId\":\"a\\nb\"}"));
        invalid(all, "long reason", valid().replace("}", ",\"reason\":\"" + "x".repeat(501) + "\"}"));
        return all;
    }

    private static void malformed(List<Hostile> all, String name, String body) {
        all.add(new Hostile(name, MALFORMED_REQUEST, body.getBytes(UTF_8)));
    }

    private static void invalid(List<Hostile> all, String name, String body) {
        all.add(new Hostile(name, INVALID_REQUEST, body.getBytes(UTF_8)));
    }

    private static String valid() {
        return ids(COMPANY, "S2-hostile");
    }

    private static String ids(String companyId, String apiCredentialId) {
        return "{\"companyId\":\"%s\",\"apiCredentialId\":\"%s\"}".formatted(companyId, apiCredentialId);
    }

    /** Sends the hostile records in order, and a good one after every sixth. */
    private void sendMixed(List<Hostile> hostile, List<String> good) {
        List<String> waiting = new ArrayList<>(good);
        try (KafkaProducer<byte[], byte[]> producer = largeProducer()) {
            for (int i = 0; i < hostile.size(); i++) {
                var unused = producer.send(new ProducerRecord<>(
                        topics.requestsTopic(), null, null, null, hostile.get(i).value()));
                if (i % 6 == 0 && !waiting.isEmpty()) {
                    topics.request(waiting.remove(0));
                }
            }
        }
    }

    private KafkaProducer<byte[], byte[]> largeProducer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        MAX_RECORD_BYTES),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static Map<FailureCode, Long> codes(List<RotationFailed> failures) {
        return failures.stream().collect(Collectors.groupingBy(RotationFailed::code, Collectors.counting()));
    }

    private static RotationFailed at(List<RotationFailed> failures, long offset) {
        return failures.stream()
                .filter(failure -> failure.source() != null && failure.source().offset() == offset)
                .findFirst()
                .orElseThrow();
    }

    private record Hostile(
            String name, FailureCode code, @SuppressWarnings("ArrayRecordComponent") byte @Nullable [] value) {}
}
