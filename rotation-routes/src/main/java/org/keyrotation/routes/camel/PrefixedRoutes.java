package org.keyrotation.routes.camel;

import org.apache.camel.builder.EndpointProducerBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.endpoint.StaticEndpointBuilders;
import org.apache.camel.builder.endpoint.dsl.DirectEndpointBuilderFactory.DirectEndpointBuilder;
import org.apache.camel.model.RouteDefinition;

/** Routes whose ids, those of their steps, and direct endpoints all begin with a {@link Prefix}. */
public abstract class PrefixedRoutes extends RouteBuilder {

    private final Prefix prefix;

    protected PrefixedRoutes(Prefix prefix) {
        this.prefix = prefix;
    }

    /** Each route with an id, without the prefix. */
    protected abstract void routes() throws Exception;

    protected final Prefix prefix() {
        return prefix;
    }

    @Override
    public final void configure() throws Exception {
        errorHandler(defaultErrorHandler()); // whatever the host's context has
        routes();
        for (RouteDefinition route : getRouteCollection().getRoutes()) {
            route.setId(prefix.of(route.getRouteId()));
            route.setNodePrefixId(prefix.of(""));
            route.setRouteConfigurationId(prefix.of("own")); // there is none, so that no host's is ours
            route.setStreamCache("false"); // no body here is a stream that is read twice
        }
    }

    /** Within these routes. */
    protected final DirectEndpointBuilder direct(String name) {
        return StaticEndpointBuilders.direct(prefix.of(name));
    }

    /** Whoever comes by a door goes on where it came from, and may block there. */
    protected final EndpointProducerBuilder onTheCallersThread(String name) {
        return direct(name).advanced().synchronous(true);
    }

    /** For an application. */
    protected final DirectEndpointBuilder door(String name) {
        return StaticEndpointBuilders.direct(prefix.door(name));
    }
}
