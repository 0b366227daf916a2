package org.keyrotation.routes.retry;

import java.time.Clock;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.camel.FutureProcessor;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.camel.SwitchThread;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.kafka.KafkaHeaders;
import org.keyrotation.routes.kafka.ParallelConsumer;
import org.keyrotation.routes.kafka.StartPolicy;
import org.keyrotation.routes.kafka.TopicProducer;

/** Routes that defer a request to its retry topic, wait for the delay, and return it to the requests topic. */
public final class RetryRoutes extends PrefixedRoutes {

    /** Body in: a {@link DeferredRequest}. Body out: Kafka's acknowledgement. */
    public static final String DEFER_REQUEST = "defer-request";

    private static final String CONSUME_RETRY_TOPIC = "consume-retry-topic-";
    private static final String RETURN_TO_REQUESTS = "return-to-requests-";
    private static final int CAPACITY = 2_000;
    private static final int MAX_CONCURRENCY = 4;

    private final RetrySettings settings;
    private final Clock clock;
    private final OpenRequestMeters openRequests;
    private final ThreadPools pools;

    public RetryRoutes(
            Prefix prefix, RetrySettings settings, Clock clock, OpenRequestMeters openRequests, ThreadPools pools) {
        super(prefix);
        this.settings = settings;
        this.clock = clock;
        this.openRequests = openRequests;
        this.pools = pools;
    }

    /** Returns the ids of the consuming routes, which do not start by themselves. */
    public static List<String> consumingRoutes(RetrySettings settings) {
        return settings.topics().stream()
                .map(topic -> CONSUME_RETRY_TOPIC + topic.name())
                .toList();
    }

    @Override
    protected void routes() {
        deferRequest();
        settings.topics().forEach(this::returnRequests);
    }

    // spotless:off
    private void deferRequest() {
        // OVERRIDE_TOPIC selects the retry topic of each record; the endpoint needs one to begin with.
        TopicProducer retryTopics = new TopicProducer(getContext(), settings.topics().get(0).name(), pools);
        from(direct(DEFER_REQUEST)).routeId("defer")
            .description("Sends a request to the retry topic for its number of deferrals")
            .process(new SwitchThread(pools.blocking()))
            .process(confirmOwnership())
            .process(this::setRetryHeaders)
            .marshal(new JacksonDataFormat(Json.mapper(), RotationRequest.class))
            .to(retryTopics.endpoint()).id("send-deferred")
            .process(retryTopics::requireAcknowledged);
    }

    private void returnRequests(RetryTopic topic) {
        RetryDelay delay = new RetryDelay(topic, settings.requestsTopic(), clock, pools.routing());
        consumeRetryTopic(topic, delay);
        returnToRequests(topic, delay);
    }

    private void consumeRetryTopic(RetryTopic topic, RetryDelay delay) {
        ParallelConsumer consumer = consumer(topic, delay);
        openRequests.add(consumer);
        from(consumer.endpoint()).routeId(CONSUME_RETRY_TOPIC + topic.name())
            .autoStartup(false)
            .description("Consumes a retry topic; each request waits for " + topic.delay())
            .process(consumer.enqueue());
    }

    private void returnToRequests(RetryTopic topic, RetryDelay delay) {
        TopicProducer requests = new TopicProducer(getContext(), settings.requestsTopic(), pools);
        from(direct(RETURN_TO_REQUESTS + topic.name())).routeId(RETURN_TO_REQUESTS + topic.name())
            .description("Returns a request to the requests topic after " + topic.delay())
            .process(new SwitchThread(pools.blocking()))
            .process(delay::setHeaders)
            .to(requests.endpoint()).id("send-back-" + topic.name())
            .process(requests::requireAcknowledged)
            .process(ParallelConsumer::complete);
    }
    // spotless:on

    private ParallelConsumer consumer(RetryTopic topic, RetryDelay delay) {
        ParallelConsumer.Settings consumer = new ParallelConsumer.Settings(
                topic.name(),
                settings.groupIdOf(topic.name()),
                CAPACITY,
                MAX_CONCURRENCY,
                directUri(RETURN_TO_REQUESTS + topic.name()));
        return new ParallelConsumer(getContext(), pools, consumer, StartPolicy.UNTHROTTLED, () -> delay::elapsed);
    }

    private FutureProcessor<DeferredRequest> confirmOwnership() {
        return new FutureProcessor<>(
                DeferredRequest.class,
                deferred -> deferred.ownership().confirmHeld("deferring").thenApply(confirmed -> deferred),
                pools.blocking());
    }

    /** Sets the headers and the body of the retry record. The key is the request's: both topics are partitioned alike. */
    private void setRetryHeaders(Exchange exchange) {
        Message message = exchange.getMessage();
        DeferredRequest deferred = message.getBody(DeferredRequest.class);
        message.removeHeaders("*");
        message.setHeaders(deferred.retryMetadata().headers());
        message.setHeader(KafkaHeaders.KEY, deferred.request().credential().toString());
        message.setHeader(
                KafkaHeaders.OVERRIDE_TOPIC,
                settings.topicFor(deferred.retryMetadata().count()).name());
        message.setBody(deferred.request());
    }
}
