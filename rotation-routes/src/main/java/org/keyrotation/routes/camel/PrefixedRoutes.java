package org.keyrotation.routes.camel;

import org.apache.camel.builder.EndpointProducerBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.endpoint.StaticEndpointBuilders;
import org.apache.camel.builder.endpoint.dsl.DirectEndpointBuilderFactory.DirectEndpointBuilder;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;

/**
 * Base class of all route builders of this library. All ids and internal endpoints begin with a {@link Prefix}, and nothing
 * that the application configures for its own routes applies. No error handler is the default; a route that wants one says
 * so. An {@code onException} clause has no effect on a route without one.
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

    /** Returns the URI of an internal endpoint. */
    protected final String directUri(String name) {
        return "direct:" + prefix.id(name);
    }

    /** Returns an error handler whose redeliveries are scheduled on the redelivery pool. */
    protected final DefaultErrorHandlerDefinition redeliveryOn(ThreadPools pools) {
        return defaultErrorHandler().executorService(pools.redelivery());
    }

    /** Set on the exception's policy, which replaces that of the error handler; its default is to allow it. */
    protected static void forbidRedeliveryWhileStopping(OnExceptionDefinition policy) {
        policy.getRedeliveryPolicyType().allowRedeliveryWhileStopping(false);
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
