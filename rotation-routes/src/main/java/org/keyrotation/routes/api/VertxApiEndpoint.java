package org.keyrotation.routes.api;

import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.impl.WebClientInternal;
import org.apache.camel.Producer;
import org.apache.camel.component.vertx.http.VertxHttpConfiguration;
import org.apache.camel.component.vertx.http.VertxHttpEndpoint;
import org.keyrotation.routes.camel.ThreadPools;

/** Camel's endpoint with an interceptor of each call, and with {@link VertxApiProducer}. */
final class VertxApiEndpoint extends VertxHttpEndpoint {

    private final ApiSettings settings;
    private final ApiMeters meters;
    private final ThreadPools pools;

    VertxApiEndpoint(
            String uri,
            VertxApiComponent component,
            VertxHttpConfiguration configuration,
            ApiSettings settings,
            ApiMeters meters,
            ThreadPools pools) {
        super(uri, component, configuration);
        this.settings = settings;
        this.meters = meters;
        this.pools = pools;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ((WebClientInternal) getWebClient())
                .addInterceptor(new VertxCallInterceptor(getVertx(), settings.responseTimeout(), meters));
    }

    /** Visible to the producer. */
    @Override
    protected WebClient getWebClient() {
        return super.getWebClient();
    }

    @Override
    public Producer createProducer() {
        return new VertxApiProducer(this, settings, pools.routing());
    }
}
