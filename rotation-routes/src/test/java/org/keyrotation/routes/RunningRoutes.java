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
import org.keyrotation.routes.schedule.ScheduleRoutes;

/** A Camel context with the rotation routes, set up as a host application does it. */
final class RunningRoutes implements AutoCloseable {

    /** The id of the route that consumes the requests topic. */
    static final String RECEIVE_REQUESTS = Prefix.ROTATION.id(IntakeRoutes.RECEIVE_REQUESTS);

    private final TestTopics topics;
    private final CamelContext context;
    private final MeterRegistry meters;
    private final AtomicInteger redeliveries = new AtomicInteger();

    private RunningRoutes(TestTopics topics, CamelContext context, MeterRegistry meters) {
        this.topics = topics;
        this.context = context;
        this.meters = meters;
    }

    /** Returns once the context is started, whether the brokers answer or not. */
    static RunningRoutes start(TestTopics topics) {
        return start(topics, Clock.systemUTC());
    }

    static RunningRoutes start(TestTopics topics, Clock clock) {
        return unstarted(topics).start(new RotationRoutes(topics.settings()).clock(clock));
    }

    /** Creates a context that only has the brokers, for a test that adds to it before the start. */
    static RunningRoutes unstarted(TestTopics topics) {
        CamelContext context = new DefaultCamelContext();
        MeterRegistry meters = new SimpleMeterRegistry();
        context.getRegistry().bind("meters", meters);
        context.getComponent("kafka", KafkaComponent.class)
                .getConfiguration()
                .setBrokers(topics.broker().bootstrapServers());
        context.getShutdownStrategy().setTimeout(20);
        RunningRoutes routes = new RunningRoutes(topics, context, meters);
        context.getManagementStrategy().addEventNotifier(routes.new Redeliveries());
        return routes;
    }

    /** Sets the initial properties of the context. */
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

    /** Waits until the intake consumes requests. */
    RunningRoutes awaitIntake() {
        await(() ->
                context.getRouteController().getRouteStatus(RECEIVE_REQUESTS).isStarted());
        return this;
    }

    /** Waits until the schedule has started, and stops its timer: the test ticks instead. */
    RunningRoutes stopTimer() {
        return stopTimer(ScheduleRoutes.REQUEST_DUE_EACH_TICK);
    }

    /** Waits until this route has started, and stops it with its first check: the test checks instead. */
    RunningRoutes stopTimer(String route) {
        String timer = Prefix.ROTATION.id(route);
        await(() -> context.getRouteController().getRouteStatus(timer).isStarted());
        try {
            context.getRouteController().stopRoute(timer);
            return this;
        } catch (Exception e) {
            throw new IllegalStateException("the timer does not stop", e);
        }
    }

    /** Waits until this many consumers of the group have partitions. */
    void awaitConsumers(int count) {
        await(() -> topics.broker().topics().activeMembers(topics.group()) == count);
    }

    /** Waits until the offset of every request is committed. */
    void awaitCommitted() {
        await(() -> topics.lag() == 0);
    }

    /** Waits until each request was attempted once. It may wait on the retry topic then. */
    void awaitFirstAttempts() {
        await(() -> topics.requestLag() == 0);
    }

    void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(TestTopics.TIMEOUT).until(condition);
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

    /** Counts the redeliveries of all routes. */
    int redeliveries() {
        return redeliveries.get();
    }

    /** Stops the context, which waits this long for exchanges in flight. */
    void stopWithin(int seconds) {
        context.getShutdownStrategy().setTimeUnit(TimeUnit.SECONDS);
        context.getShutdownStrategy().setTimeout(seconds);
        context.stop();
    }

    /** Whether exchanges were still in flight when the stop timed out. */
    boolean hasShutdownTimedOut() {
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
