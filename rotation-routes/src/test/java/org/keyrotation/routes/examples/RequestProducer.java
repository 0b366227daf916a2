package org.keyrotation.routes.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationRequest;

final class RequestProducer {

    private RequestProducer() {}

    static ProducerRecord<byte[], byte[]> request() throws Exception {
        RotationRequest request = new RotationRequest(
                null,
                "AcmeCorp",
                "S2-0001",
                "suspected leak",
                "alice",
                null,
                true); // no requestId, no requestedAt, force
        byte[] json = Json.mapper().writeValueAsBytes(request);
        byte[] key = request.credential().toString().getBytes(UTF_8);
        return new ProducerRecord<>("rotation.requests", key, json);
    }
}
