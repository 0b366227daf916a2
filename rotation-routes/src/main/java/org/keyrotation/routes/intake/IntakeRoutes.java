package org.keyrotation.routes.intake;

import static org.apache.camel.builder.endpoint.StaticEndpointBuilders.kafka;
import static org.keyrotation.routes.publish.PublishRoutes.AS_LONG_AS;
import static org.keyrotation.routes.publish.PublishRoutes.PUBLISH_OUTCOME;
import static org.keyrotation.routes.rotate.RotateRoutes.ROTATE;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.endpoint.dsl.KafkaEndpointBuilderFactory.KafkaEndpointConsumerBuilder;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.component.kafka.PollOnError;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.camel.SwitchThread;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.kafka.FairQueue;
import org.keyrotation.routes.kafka.InFlightRecords;
import org.keyrotation.routes.kafka.KafkaHeaders;
import org.keyrotation.routes.kafka.ParallelConsumerFactory;
import org.keyrotation.routes.kafka.StartCondition;
import org.keyrotation.routes.kafka.Taken;
import org.keyrotation.routes.kafka.TopicProducer;
import org.keyrotation.routes.publish.Outcome;
import org.keyrotation.routes.publish.PublishSettings.RetryTopic;
import org.keyrotation.routes.retry.RetryDelay;
import org.keyrotation.routes.rotate.AdmissionControl;
import org.keyrotation.routes.rotate.Rotation;

/** Requests onto their topic, from there to their outcome, and back from the retry topics. */
public final class IntakeRoutes extends PrefixedRoutes {

    /** The door that puts a {@link RotationRequest} onto the requests topic. */
    public static final String REQUEST_ROTATION = "request-client-key-rotation";

    /** The route that begins once the topics are there. */
    public static final String RECEIVE_REQUESTS = "receive-requests";

    private static final String RECEIVE_DEFERRED = "receive-deferred";
    private static final String HANDLE = "handle-request";
    private static final String FORWARD = "forward-request";
    private static final String RETURN = "return-request";
    private static final String DONE = "rotation.done";
    private static final String SEND_REQUEST = "send-request";

    /** Exchange property. */
    private static final String ASKED = "rotation.asked";

    /**
     * Clearly more than are under way, or acknowledgements and one busy credential would starve the rest; and so many that a
     * company which is slowed down keeps no other out before so many of its requests wait.
     */
    private static final int WINDOW = 10_000;

    private static final int WINDOW_SIZES_IN_FLIGHT = 8;
    private static final int RETURNED_AT_ONCE = 4;
    private static final Duration LONGEST_BEGINNING = Duration.ofSeconds(2);
    private static final int RETURNING_WINDOW = 2_000;

    /** A poll that waits for requests is not interrupted by a stop, nor by what is to be committed. */
    private static final long POLL_MS = 100;

    private final IntakeSettings settings;
    private final AdmissionControl admission;
    private final Clock clock;
    private final ThreadPools threads;
    private final RequestParser reader;
    private final RequestRecords writer;

    public IntakeRoutes(
            Prefix prefix, IntakeSettings settings, AdmissionControl admission, Clock clock, ThreadPools threads) {
        super(prefix);
        this.settings = settings;
        this.admission = admission;
        this.clock = clock;
        this.threads = threads;
        this.reader = new RequestParser(clock);
        this.writer = new RequestRecords(clock);
    }

    /** The routes that begin once the topics are there. */
    public static List<String> receiving(IntakeSettings settings) {
        return Stream.concat(
                        Stream.of(RECEIVE_REQUESTS), settings.retries().stream().map(IntakeRoutes::receiveDeferredId))
                .toList();
    }

    @Override
    protected void routes() {
        receiveRequests();
        handleRequest();
        forwardRequest();
        settings.retries().forEach(this::returnRequests);
        requestRotation();
        sendRequest();
    }

    private void receiveRequests() {
        int capacity = Math.max(WINDOW, WINDOW_SIZES_IN_FLIGHT * settings.maxInFlight());
        long start = System.nanoTime();
        FairQueue turns = new FairQueue(admission::untilItMayBegin, this::callsTheApi, () -> System.nanoTime() - start);
        InFlightRecords window = window(capacity, settings.handledAtOnce(), turns, HANDLE);
        from(requests(settings.requestsTopic(), settings.groupId(), window, this::onceTheLedgerHasCaughtUp))
                .errorHandler(noErrorHandler())
                .routeId(RECEIVE_REQUESTS)
                .autoStartup(false)
                .description("Takes requests into the window; the offset of each is committed once it is done")
                .process(exchange -> handOn(exchange, window))
                .id("hand-on");
    }

    private void handleRequest() {
        from(direct(HANDLE))
                .errorHandler(noErrorHandler())
                .routeId("handle-request")
                .description("Brings one request to its outcome, if it is where it belongs, for as long as it is ours")
                .transform()
                .body(Taken.class, reader::read)
                .choice()
                .when(body().isInstanceOf(Rotation.class))
                .to(direct(ROTATE))
                .when(body().isInstanceOf(MisroutedRequest.class))
                .to(direct(FORWARD))
                .when(body().isInstanceOf(Outcome.class))
                .to(direct(PUBLISH_OUTCOME))
                .end()
                .process(IntakeRoutes::done)
                .id("done");
    }

    private void forwardRequest() {
        TopicProducer requests = requestsTopic();
        from(direct(FORWARD))
                .errorHandler(noErrorHandler())
                .routeId("forward-request")
                .description("Sends a request to the partition whose owner alone handles its credential")
                .process(new SwitchThread(threads.waiting()))
                .process(writer::addressHome)
                .marshal(new JacksonDataFormat(Json.mapper(), RotationRequest.class))
                .to(requests.endpoint())
                .id("send-home")
                .process(requests::note);
    }

    private void returnRequests(RetryTopic topic) {
        RetryDelay due = new RetryDelay(topic, settings.requestsTopic(), clock, threads.routing());
        receiveDeferred(topic, due);
        returnRequest(topic, due);
    }

    private void receiveDeferred(RetryTopic topic, RetryDelay due) {
        InFlightRecords window =
                window(RETURNING_WINDOW, RETURNED_AT_ONCE, FairQueue.nobodyIsPutOff(), returnDoor(topic));
        from(requests(topic.name(), settings.groupId() + "." + topic.name(), window, () -> due::due))
                .errorHandler(noErrorHandler())
                .routeId(receiveDeferredId(topic))
                .autoStartup(false)
                .description("Takes requests that wait for " + topic.delay())
                .process(exchange -> handOn(exchange, window));
    }

    private void returnRequest(RetryTopic topic, RetryDelay due) {
        TopicProducer requests = requestsTopic();
        from(direct(returnDoor(topic)))
                .errorHandler(noErrorHandler())
                .routeId("return-request-" + topic.name())
                .description("Sends a request back to the requests topic after " + topic.delay())
                .process(new SwitchThread(threads.waiting()))
                .process(due::address)
                .to(requests.endpoint())
                .id("send-back-" + topic.name())
                .process(requests::note)
                .process(IntakeRoutes::done);
    }

    /**
     * Of a door. Not by Camel's validate: its signature is another in 4.14.
     *
     * @throws IllegalArgumentException where the body is something else
     */
    public static void checkThatItIsARequest(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (!(body instanceof RotationRequest)) {
            throw new IllegalArgumentException("The body is %s; allowed is a %s"
                    .formatted(
                            body == null ? "null" : "a " + body.getClass().getName(), RotationRequest.class.getName()));
        }
    }

    private void requestRotation() {
        from(door(REQUEST_ROTATION))
                .errorHandler(noErrorHandler())
                .routeId("request-rotation")
                .description("Puts a request onto the requests topic")
                .process(IntakeRoutes::checkThatItIsARequest)
                .process(this::complete)
                .enrich(onTheCallersThread(SEND_REQUEST), TopicProducer::proven)
                .process(IntakeRoutes::forget);
    }

    /** Who asks once more because that failed, as an error handler does by itself, asks for the same. */
    private void complete(Exchange exchange) {
        RotationRequest given = exchange.getMessage().getBody(RotationRequest.class);
        Asked before = exchange.getProperty(ASKED, Asked.class);
        Asked asked = before != null && before.given.equals(given) ? before : new Asked(given, writer.complete(given));
        exchange.setProperty(ASKED, asked);
        exchange.getMessage().setBody(asked.completed);
    }

    private static void forget(Exchange exchange) {
        exchange.removeProperty(ASKED);
        TopicProducer.forget(exchange);
    }

    private record Asked(RotationRequest given, RotationRequest completed) {}

    private void sendRequest() {
        TopicProducer requests = requestsTopic();
        from(direct(SEND_REQUEST))
                .errorHandler(noErrorHandler())
                .routeId("send-request")
                .description("Sends a request, keyed by its credential")
                .process(writer::address)
                .marshal(new JacksonDataFormat(Json.mapper(), RotationRequest.class))
                .to(requests.endpoint())
                .process(requests::note);
    }

    private TopicProducer requestsTopic() {
        return new TopicProducer(settings.requestsTopic(), threads);
    }

    /**
     * Camel commits nothing, the window's client does. An error on the way into the window makes Camel's consumer go back
     * to the last committed offset: a request is looked at again rather than lost.
     */
    private KafkaEndpointConsumerBuilder requests(
            String topic, String groupId, InFlightRecords window, StartCondition readiness) {
        return kafka(topic)
                .groupId(groupId)
                .consumersCount(1)
                .autoOffsetReset("earliest")
                .batching(false)
                .pollTimeoutMs(POLL_MS)
                .autoCommitEnable(false)
                .allowManualCommit(false)
                .breakOnFirstError(true)
                .pollOnError(PollOnError.RETRY)
                .partitionAssignor(CooperativeStickyAssignor.class.getName())
                .keyDeserializer(ByteArrayDeserializer.class.getName())
                .valueDeserializer(ByteArrayDeserializer.class.getName())
                .advanced()
                .isolationLevel("read_committed")
                .kafkaClientFactory(new ParallelConsumerFactory(window, readiness))
                .basic();
    }

    private Function<ConsumerRecord<byte[], byte[]>, CompletableFuture<Void>> onceTheLedgerHasCaughtUp() {
        CompletableFuture<Void> caughtUp = admission.ledgerCaughtUp();
        return message -> caughtUp;
    }

    private boolean callsTheApi(Taken taken) {
        try {
            return reader.read(taken) instanceof Rotation rotation && admission.callsTheApi(rotation);
        } catch (RuntimeException e) {
            return false; // its route meets it, too, and deals with it
        }
    }

    private InFlightRecords window(int capacity, int atOnce, FairQueue turns, String door) {
        ProducerTemplate template = getContext().createProducerTemplate();
        template.setExecutorService(threads.routing());
        String endpoint = "direct:" + prefix().of(door);
        return new InFlightRecords(
                capacity, atOnce, turns, threads.routing(), LONGEST_BEGINNING, taken -> template.asyncSend(
                                endpoint, exchange -> take(exchange, taken))
                        .thenCompose(IntakeRoutes::handled));
    }

    private static void take(Exchange exchange, Taken taken) {
        exchange.getMessage().setBody(taken);
        exchange.setProperty(AS_LONG_AS, taken.claim());
    }

    /** That no exception comes back does not make it done: a host's error handler may have dealt with one. */
    private static CompletableFuture<Void> handled(Exchange exchange) {
        if (exchange.getException() != null) {
            return CompletableFuture.failedFuture(exchange.getException());
        }
        return exchange.getProperty(DONE, false, boolean.class)
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(new IllegalStateException("Its route ended before it was done"));
    }

    private static void done(Exchange exchange) {
        TopicProducer.check(exchange);
        exchange.setProperty(DONE, true);
    }

    private static void handOn(Exchange exchange, InFlightRecords window) {
        TopicPartition partition = new TopicPartition(
                exchange.getMessage().getHeader(KafkaHeaders.TOPIC, String.class),
                exchange.getMessage().getHeader(KafkaHeaders.PARTITION, int.class));
        window.handOn(partition, exchange.getMessage().getHeader(KafkaHeaders.OFFSET, long.class));
    }

    private static String receiveDeferredId(RetryTopic topic) {
        return RECEIVE_DEFERRED + "-" + topic.name();
    }

    private static String returnDoor(RetryTopic topic) {
        return RETURN + "-" + topic.name();
    }
}
