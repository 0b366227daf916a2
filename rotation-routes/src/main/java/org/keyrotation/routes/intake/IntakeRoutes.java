package org.keyrotation.routes.intake;

import static org.apache.camel.builder.AggregationStrategies.useOriginal;
import static org.keyrotation.routes.publish.AcknowledgedTopic.acknowledged;
import static org.keyrotation.routes.publish.PublishRoutes.PUBLISH_OUTCOME;
import static org.keyrotation.routes.rotate.RotateRoutes.ROTATE;

import java.time.Clock;
import org.apache.camel.Exchange;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.apache.camel.builder.endpoint.dsl.KafkaEndpointBuilderFactory.KafkaEndpointConsumerBuilder;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.PollOnError;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;

/** Requests onto their topic, and from there to their outcome. */
public final class IntakeRoutes extends EndpointRouteBuilder {

    /** The door that puts a {@link RotationRequest} onto the requests topic. */
    public static final String REQUEST_ROTATION = "request-client-key-rotation";

    /** The route that begins once the topics are there. */
    public static final String RECEIVE_REQUESTS = "receive-requests";

    private static final long LONGEST_WAIT_TO_STOP_MS = 500;
    private static final String SEND_REQUEST = "rotation-send-request";

    private final IntakeSettings settings;
    private final RequestReader reader;
    private final RequestWriter writer;

    public IntakeRoutes(IntakeSettings settings, Clock clock) {
        this.settings = settings;
        this.reader = new RequestReader(clock);
        this.writer = new RequestWriter(clock);
    }

    @Override
    public void configure() {
        receiveRequests();
        requestRotation();
        sendRequest();
    }

    private void receiveRequests() {
        from(requests())
                .errorHandler(noErrorHandler())
                .routeId(RECEIVE_REQUESTS)
                .autoStartup(false)
                .description("Brings each request to its outcome, then commits its offset")
                .transform()
                .exchange(reader::read)
                .choice()
                .when(body().isInstanceOf(RotationFailed.class))
                .to(direct(PUBLISH_OUTCOME))
                .otherwise()
                .to(direct(ROTATE))
                .end()
                .process(IntakeRoutes::commit)
                .id("commit-offset");
    }

    private void requestRotation() {
        from(direct(REQUEST_ROTATION))
                .routeId("request-rotation")
                .description("Puts a request onto the requests topic")
                .validate(body().isInstanceOf(RotationRequest.class))
                .transform()
                .body(RotationRequest.class, writer::complete)
                .enrich(direct(SEND_REQUEST), useOriginal());
    }

    private void sendRequest() {
        from(direct(SEND_REQUEST))
                .errorHandler(noErrorHandler())
                .routeId("send-request")
                .description("Sends a request, keyed by its credential")
                .process(RequestWriter::address)
                .marshal(new JacksonDataFormat(Json.mapper(), RotationRequest.class))
                .to(acknowledged(settings.requestsTopic()));
    }

    /**
     * An error that no step could deal with makes the consumer go back to the last committed offset: a request is done
     * again rather than lost. One record a poll, so that no record waits behind a slow one past the poll interval.
     */
    private KafkaEndpointConsumerBuilder requests() {
        return kafka(settings.requestsTopic())
                .groupId(settings.groupId())
                .consumersCount(settings.consumers())
                .autoOffsetReset("earliest")
                .batching(false)
                .maxPollRecords(1)
                .pollTimeoutMs(LONGEST_WAIT_TO_STOP_MS)
                .maxPollIntervalMs(Math.toIntExact(settings.longestRotation().toMillis()))
                .autoCommitEnable(false)
                .allowManualCommit(true)
                .breakOnFirstError(true)
                .pollOnError(PollOnError.RETRY)
                .keyDeserializer(ByteArrayDeserializer.class.getName())
                .valueDeserializer(ByteArrayDeserializer.class.getName())
                .advanced()
                .isolationLevel("read_committed")
                .basic();
    }

    private static void commit(Exchange exchange) {
        exchange.getMessage()
                .getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class)
                .commit();
    }
}
