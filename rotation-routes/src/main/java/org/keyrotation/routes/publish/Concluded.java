package org.keyrotation.routes.publish;

import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** What has come to an {@link Outcome}. */
public interface Concluded {

    /** Null where it has not yet. */
    @Nullable
    Outcome outcome();

    /** Of the exchange's body. */
    static @Nullable Outcome outcomeOf(Exchange exchange) {
        return exchange.getMessage().getBody(Concluded.class).outcome();
    }
}
