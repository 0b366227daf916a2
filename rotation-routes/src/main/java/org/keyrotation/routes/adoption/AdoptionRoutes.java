package org.keyrotation.routes.adoption;

import static org.apache.camel.builder.endpoint.StaticEndpointBuilders.timer;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.apache.camel.LoggingLevel;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.keyrotation.model.Json;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.kafka.KafkaHeaders;
import org.keyrotation.routes.kafka.TopicProducer;
import org.keyrotation.routes.ledger.Ledger;

/** The route that follows which consumers have adopted the current keys. */
public final class AdoptionRoutes extends PrefixedRoutes {

    /** Id of the route, which starts once the ledger is read. */
    public static final String FOLLOW_ADOPTION = "follow-adoption";

    /** Name of the direct endpoint of one check. */
    static final String CHECK_ADOPTION = "check-adoption";

    private final AdoptionSettings settings;
    private final String keysTopic;
    private final Ledger ledger;
    private final Clock clock;
    private final MeterRegistry meters;
    private final ThreadPools pools;

    public AdoptionRoutes(
            Prefix prefix,
            AdoptionSettings settings,
            String keysTopic,
            Ledger ledger,
            Clock clock,
            MeterRegistry meters,
            ThreadPools pools) {
        super(prefix);
        this.settings = settings;
        this.keysTopic = keysTopic;
        this.ledger = ledger;
        this.clock = clock;
        this.meters = meters;
        this.pools = pools;
    }

    @Override
    protected void routes() throws Exception {
        KeyAdoption adoption = new KeyAdoption(getContext(), settings, keysTopic, ledger, meters);
        getContext().addService(adoption);
        followAdoption();
        checkAdoption(new AdoptionMonitor(adoption, settings, ledger, clock, meters));
    }

    // spotless:off
    private void followAdoption() {
        from(timer(prefix().id("adoption")).delay(0).period(settings.checkInterval().toMillis())).routeId(FOLLOW_ADOPTION)
            .autoStartup(false)
            .description("Looks regularly for consumers that have not adopted the current keys")
            .to(direct(CHECK_ADOPTION));
    }

    private void checkAdoption(AdoptionMonitor monitor) {
        TopicProducer topic = new TopicProducer(getContext(), settings.topic(), pools);
        from(direct(CHECK_ADOPTION)).routeId(CHECK_ADOPTION).errorHandler(defaultErrorHandler())
            .description("Reports the consumers that have not adopted the current keys")
            .onException(Exception.class)
                .handled(true)
                .log(LoggingLevel.WARN, "Cannot check who has adopted the keys, will retry: ${exception.message}")
            .end()
            .process(exchange -> exchange.getMessage().setBody(monitor.check()))
            .split(body())
                .setHeader(KafkaHeaders.KEY).body(KeyAcknowledgement.class, KeyAcknowledgement::recordKey)
                .marshal(new JacksonDataFormat(Json.mapper(), KeyAcknowledgement.class))
                .to(topic.endpoint()).id("send-acknowledgement-again")
            .end();
    }
    // spotless:on
}
