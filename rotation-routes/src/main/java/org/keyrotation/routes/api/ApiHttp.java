package org.keyrotation.routes.api;

import java.time.Duration;
import org.apache.camel.Component;
import org.keyrotation.routes.camel.ThreadPools;

/** Creates the HTTP component of the API routes. Nothing else of the routes depends on the client. */
final class ApiHttp {

    /** A POST on a connection that the API has just closed is lost, and nothing repeats it: close idle ones first. */
    static final Duration MAX_IDLE = Duration.ofSeconds(20);

    /** The rest of a larger body is dropped, which leaves invalid JSON. */
    static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

    private ApiHttp() {}

    static Component component(ApiSettings settings, ApiMeters meters, ThreadPools pools) {
        return switch (settings.httpClient()) {
            case HTTP -> new HttpApiComponent(settings, meters, pools);
            case VERTX_HTTP -> new VertxApiComponent(settings, meters, pools);
        };
    }
}
