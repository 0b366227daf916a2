package org.keyrotation.routes.intake;

import static org.keyrotation.routes.publish.PublishRoutes.PUBLISH_OUTCOME;
import static org.keyrotation.routes.rotate.RotateRoutes.ROTATE;

import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.camel.SwitchThread;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.kafka.InFlightRecord;
import org.keyrotation.routes.kafka.ParallelConsumer;
import org.keyrotation.routes.kafka.TopicProducer;
import org.keyrotation.routes.publish.PublishRoutes;
import org.keyrotation.routes.retry.OpenRequestMeters;
import org.keyrotation.routes.rotate.AdmissionControl;
import org.keyrotation.routes.rotate.Rotation;

/** Routes from a request to the requests topic, and from there to its outcome. */
public final class IntakeRoutes extends PrefixedRoutes {

    /** Name of the direct endpoint that puts a {@link RotationRequest} onto the requests topic. */
    public static final String REQUEST_ROTATION = "request-client-key-rotation";

    /** The consuming route, which does not start by itself. */
    public static final String RECEIVE_REQUESTS = "receive-requests";

    private static final String HANDLE_REQUEST = "handle-request";
    private static final String SEND_REQUEST = "send-request";

    /** Exchange property. */
    private static final String COMPLETED = "rotation.completed-request";

    private final IntakeSettings settings;
    private final AdmissionControl admission;
    private final OpenRequestMeters openRequests;
    private final ThreadPools pools;
    private final RequestParser parser;
    private final RequestRecords records;

    public IntakeRoutes(
            Prefix prefix,
            IntakeSettings settings,
            AdmissionControl admission,
            Clock clock,
            OpenRequestMeters openRequests,
            ThreadPools pools) {
        super(prefix);
        this.settings = settings;
        this.admission = admission;
        this.openRequests = openRequests;
        this.pools = pools;
        this.parser = new RequestParser(clock);
        this.records = new RequestRecords(clock);
    }

    @Override
    protected void routes() {
        receiveRequests();
        handleRequest();
        requestRotation();
        sendRequest();
    }

    // spotless:off
    private void receiveRequests() {
        ParallelConsumer consumer = consumer();
        openRequests.add(consumer);
        from(consumer.endpoint()).routeId(RECEIVE_REQUESTS)
            .autoStartup(false)
            .description("Consumes the requests topic; the offset of each request is committed once it is complete")
            .process(consumer.enqueue()).id("enqueue");
    }

    private void handleRequest() {
        TopicProducer requests = new TopicProducer(getContext(), settings.requestsTopic(), pools);
        from(direct(HANDLE_REQUEST)).routeId(HANDLE_REQUEST)
            .description("Brings one request to its outcome, or sends it to its home partition")
            .transform().body(InFlightRecord.class, parser::parse)
            .choice()
                .when(body().isInstanceOf(Rotation.class))
                    .to(direct(ROTATE))
                .when(body().isInstanceOf(UnreadableRequest.class))
                    .to(direct(PUBLISH_OUTCOME))
                    .process(PublishRoutes::requirePublished)
                .otherwise()
                    .process(new SwitchThread(pools.blocking()))
                    .process(records::routeToHomePartition)
                    .marshal(new JacksonDataFormat(Json.mapper(), RotationRequest.class))
                    .to(requests.endpoint()).id("send-to-home-partition")
                    .process(requests::requireAcknowledged)
            .end()
            .process(ParallelConsumer::complete).id("done");
    }

    private void requestRotation() {
        from(publicEndpoint(REQUEST_ROTATION)).routeId("request-rotation")
            .description("Puts a request onto the requests topic")
            .process(IntakeRoutes::requireRequest)
            .process(exchange -> admission.requireSameApi())
            .process(this::completeOnce)
            .enrich(directSynchronous(SEND_REQUEST), TopicProducer::keepOriginal, true)
            .process(exchange -> exchange.removeProperty(COMPLETED));
    }

    private void sendRequest() {
        TopicProducer requests = new TopicProducer(getContext(), settings.requestsTopic(), pools);
        from(direct(SEND_REQUEST)).routeId(SEND_REQUEST)
            .description("Sends a request, keyed by its credential")
            .process(records::setHeaders)
            .marshal(new JacksonDataFormat(Json.mapper(), RotationRequest.class))
            .to(requests.endpoint()).id("send-to-requests")
            .process(requests::requireAcknowledged);
    }
    // spotless:on

    private ParallelConsumer consumer() {
        ParallelConsumer.Settings consumer = new ParallelConsumer.Settings(
                settings.requestsTopic(),
                settings.groupId(),
                settings.capacity(),
                settings.maxConcurrency(),
                directUri(HANDLE_REQUEST));
        return new ParallelConsumer(
                getContext(), pools, consumer, new CompanyStartPolicy(admission, parser), this::afterLedgerIsRead);
    }

    private Function<ConsumerRecord<byte[], byte[]>, CompletableFuture<Void>> afterLedgerIsRead() {
        CompletableFuture<Void> readToEnd = admission.ledgerReadToEnd(settings.groupId());
        return polled -> readToEnd;
    }

    /**
     * Checks the body of a message from an application. Camel 4.14 declares {@code validate} differently, so this is a processor.
     *
     * @throws IllegalArgumentException if the body is not a {@link RotationRequest}
     */
    public static void requireRequest(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (!(body instanceof RotationRequest)) {
            throw new IllegalArgumentException("body: invalid type %s, expected %s"
                    .formatted(body == null ? "null" : body.getClass().getName(), RotationRequest.class.getName()));
        }
    }

    /** A caller's redelivery must not create a second request: keep the completed request on the exchange. */
    private void completeOnce(Exchange exchange) {
        RotationRequest original = exchange.getMessage().getBody(RotationRequest.class);
        Completed previous = exchange.getProperty(COMPLETED, Completed.class);
        Completed completed = previous != null && previous.original.equals(original)
                ? previous
                : new Completed(original, records.complete(original));
        exchange.setProperty(COMPLETED, completed);
        exchange.getMessage().setBody(completed.request);
    }

    private record Completed(RotationRequest original, RotationRequest request) {}
}
