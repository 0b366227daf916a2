package org.keyrotation.routes.camel;

import org.apache.camel.builder.EndpointProducerBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.endpoint.StaticEndpointBuilders;
import org.apache.camel.builder.endpoint.dsl.DirectEndpointBuilderFactory.DirectEndpointBuilder;
import org.apache.camel.model.RouteDefinition;

/**
 * Base of every route builder here. All ids and direct endpoints begin with a {@link Prefix}, and nothing that the
 * application configures for its own routes applies. No error handler is the default; a route that wants one says so.
 */
public abstract class PrefixedRoutes extends RouteBuilder {

    private final Prefix prefix;

    protected PrefixedRoutes(Prefix prefix) {
        this.prefix = prefix;
    }

    /** Defines the routes, each with an id that does not have the prefix yet. */
    protected abstract void routes() throws Exception;

    protected final Prefix prefix() {
        return prefix;
    }

    @Override
    public final void configure() throws Exception {
        errorHandler(noErrorHandler());
        routes();
        for (RouteDefinition route : getRouteCollection().getRoutes()) {
            route.setId(prefix.id(route.getRouteId()));
            route.setNodePrefixId(prefix.id(""));
            // No route configuration has this id, so that the application's configurations do not apply.
            route.setRouteConfigurationId(prefix.id("own"));
            route.setStreamCache("false"); // no body is a stream that is read twice
        }
    }

    /** Returns an internal endpoint. */
    protected final DirectEndpointBuilder direct(String name) {
        return StaticEndpointBuilders.direct(prefix.id(name));
    }

    /** Returns an internal endpoint that blocks the caller's thread and continues on it. */
    protected final EndpointProducerBuilder directSynchronous(String name) {
        return direct(name).advanced().synchronous(true);
    }

    /** Returns an endpoint for the application's use. */
    protected final DirectEndpointBuilder publicEndpoint(String name) {
        return StaticEndpointBuilders.direct(prefix.publicEndpoint(name));
    }
}
