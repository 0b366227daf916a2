package org.keyrotation.routes;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.awaitility.Awaitility;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.intake.IntakeRoutes;

/** A Camel context with the rotation routes, as an embedding application has it. */
final class RunningRoutes implements AutoCloseable {

    /** The route that takes requests from their topic. */
    static final String RECEIVE_REQUESTS = Prefix.ROTATION.id(IntakeRoutes.RECEIVE_REQUESTS);

    private final TestTopics lane;
    private final CamelContext context;
    private final MeterRegistry meters;
    private final AtomicInteger redeliveries = new AtomicInteger();

    private RunningRoutes(TestTopics lane, CamelContext context, MeterRegistry meters) {
        this.lane = lane;
        this.context = context;
        this.meters = meters;
    }

    /** Returns once the context is started, be the brokers there or not. */
    static RunningRoutes start(TestTopics lane) {
        return start(lane, Clock.systemUTC());
    }

    static RunningRoutes start(TestTopics lane, Clock clock) {
        return notStarted(lane).start(new RotationRoutes(lane.settings()).clock(clock));
    }

    /** Kafka is configured, and nothing else. */
    static RunningRoutes notStarted(TestTopics lane) {
        CamelContext context = new DefaultCamelContext();
        MeterRegistry meters = new SimpleMeterRegistry();
        context.getRegistry().bind("meters", meters);
        context.getComponent("kafka", KafkaComponent.class)
                .getConfiguration()
                .setBrokers(lane.broker().bootstrapServers());
        context.getShutdownStrategy().setTimeout(20);
        RunningRoutes routes = new RunningRoutes(lane, context, meters);
        context.getManagementStrategy().addEventNotifier(routes.new Redeliveries());
        return routes;
    }

    /** Of the context. */
    RunningRoutes withProperties(Map<String, String> properties) {
        Properties initial = new Properties();
        initial.putAll(properties);
        context.getPropertiesComponent().setInitialProperties(initial);
        return this;
    }

    RunningRoutes start(RotationRoutes... routes) {
        try {
            for (RotationRoutes each : routes) {
                context.addRoutes(each);
            }
            context.start();
            return this;
        } catch (Exception e) {
            close();
            throw new IllegalStateException("the context does not start", e);
        }
    }

    RunningRoutes awaitOpen() {
        await(() ->
                context.getRouteController().getRouteStatus(RECEIVE_REQUESTS).isStarted());
        return this;
    }

    /** Waits until so many consumers have partitions to read. */
    void awaitConsumers(int count) {
        await(() -> lane.broker().topics().activeMembers(lane.group()) == count);
    }

    /** Waits until the offset of every request is committed. */
    void awaitCommitted() {
        await(() -> lane.lag() == 0);
    }

    /** Waits until each request has had its first try. */
    void awaitTried() {
        await(() -> lane.lagOfRequests() == 0);
    }

    void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(TestTopics.PATIENCE).until(condition);
    }

    CamelContext context() {
        return context;
    }

    MeterRegistry meters() {
        return meters;
    }

    ProducerTemplate template() {
        return context.createProducerTemplate();
    }

    RotationOutcome rotate(RotationRequest request) {
        return template().requestBody(RotationRoutes.ROTATE_CLIENT_KEY, request, RotationOutcome.class);
    }

    HealthCheck.Result health(String id) {
        return healthCheck(id).call();
    }

    HealthCheck healthCheck(String id) {
        HealthCheckRegistry registry = requireNonNull(HealthCheckRegistry.get(context));
        return registry.getCheck(id).orElseThrow();
    }

    /** How often a step was tried again. */
    int redeliveries() {
        return redeliveries.get();
    }

    /** How long the stop waits for what is under way. */
    void stopWithin(int seconds) {
        context.getShutdownStrategy().setTimeUnit(TimeUnit.SECONDS);
        context.getShutdownStrategy().setTimeout(seconds);
        context.stop();
    }

    /** Whether a stop had to break something off. */
    boolean wasForced() {
        return context.getShutdownStrategy().isTimeoutOccurred();
    }

    @Override
    public void close() {
        context.stop();
    }

    private final class Redeliveries extends EventNotifierSupport {
        @Override
        public boolean isEnabled(CamelEvent event) {
            return event instanceof CamelEvent.ExchangeRedeliveryEvent;
        }

        @Override
        public void notify(CamelEvent event) {
            redeliveries.incrementAndGet();
        }
    }
}
