package org.keyrotation.routes.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.routes.OutcomeHandler;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.kafka.OwnershipLostException;
import org.keyrotation.routes.kafka.PartitionOwnership;

/** Retries of the routes that publish, without a topic: an {@link OutcomeHandler} fails. */
class PublishRoutesTest {

    private static final RotationOutcome OUTCOME = new RotationOutcome.Failed(new RotationFailed(
            "r-1",
            "AcmeCorp",
            "S2-1",
            FailureCode.REJECTED,
            "planted",
            false,
            1,
            Instant.EPOCH,
            null,
            null,
            null,
            null,
            null,
            null,
            null));

    private record Undelivered(RotationOutcome outcome, PartitionOwnership ownership) implements Publishable {}

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<RotationOutcome> handled = new ArrayList<>();
    private volatile boolean isHeld = true;

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    @Tag("I1")
    void failedHandlerIsCalledAgain() throws Exception {
        Undelivered undelivered = new Undelivered(OUTCOME, () -> isHeld);

        Exchange published = publish(undelivered, outcome -> {
            handled.add(outcome);
            if (handled.size() == 1) {
                throw new IllegalStateException("planted");
            }
        });

        assertThat(published.getException()).isNull();
        assertThat(published.getMessage().getBody()).isSameAs(undelivered);
        assertThat(handled).containsExactly(OUTCOME, OUTCOME);
    }

    /** The new owner of the partition publishes the outcome. */
    @Test
    @Tag("I1")
    void retriesEndWhenTheOwnershipIsLost() throws Exception {
        Exchange published = publish(new Undelivered(OUTCOME, () -> isHeld), outcome -> {
            handled.add(outcome);
            isHeld = false;
            throw new IllegalStateException("planted");
        });

        assertThat(published.getException()).isInstanceOf(OwnershipLostException.class);
        assertThat(handled).containsExactly(OUTCOME);
    }

    private Exchange publish(Publishable publishable, OutcomeHandler handler) throws Exception {
        context.addRoutes(new PublishRoutes(
                Prefix.ROTATION,
                new PublishSettings(false, "keys", "failures", "satisfied", false),
                handler,
                new SimpleMeterRegistry(),
                ThreadPools.create(context, Prefix.ROTATION)));
        context.start();
        return context.createProducerTemplate()
                .asyncSend("direct:rotation-" + PublishRoutes.PUBLISH_OUTCOME, exchange -> exchange.getMessage()
                        .setBody(publishable))
                .get(1, TimeUnit.MINUTES);
    }
}
