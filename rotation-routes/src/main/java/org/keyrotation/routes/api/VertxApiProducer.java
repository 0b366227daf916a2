package org.keyrotation.routes.api;

import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.ProxyOptions;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.net.URI;
import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.component.vertx.http.VertxHttpBinding;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.SwitchThread;

/**
 * Makes calls on no thread of ours. Camel's producer continues on worker threads of Vert.x, one exchange after the other; this
 * one continues on the routing pool. It also keeps the path as it is encoded, which Camel decodes if the URL has a port.
 */
final class VertxApiProducer extends DefaultAsyncProducer {

    private final VertxApiEndpoint endpoint;
    private final ApiSettings settings;
    private final VertxHttpBinding binding;
    private final VertxProxy proxy;
    private final SwitchThread continueOnPool;

    VertxApiProducer(VertxApiEndpoint endpoint, ApiSettings settings, Executor routing) {
        super(endpoint);
        this.endpoint = endpoint;
        this.settings = settings;
        this.binding = endpoint.getConfiguration().getVertxHttpBinding();
        this.proxy = new VertxProxy(settings);
        this.continueOnPool = new SwitchThread(routing);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        @Nullable ProxyOptions proxyOptions;
        try {
            proxyOptions = proxy.select();
        } catch (RuntimeException e) { // of an application's ProxySelector
            exchange.setException(
                    ApiCallException.noConnection(null, e.getClass().getSimpleName()));
            callback.done(true);
            return true;
        }
        return send(exchange, new VertxCall(RequestHeaders.request(exchange), proxyOptions), callback);
    }

    private boolean send(Exchange exchange, VertxCall call, AsyncCallback callback) {
        try {
            request(exchange, call).send(result -> {
                if (call.end()) {
                    complete(exchange, call, result);
                    continueOnPool.process(exchange, rejected -> callback.done(false));
                }
            });
            return false;
        } catch (RuntimeException e) { // such as that of a client that was closed
            if (!call.end()) {
                return false;
            }
            call.abort();
            exchange.setException(call.failure(e));
            callback.done(true);
            return true;
        }
    }

    private HttpRequest<Buffer> request(Exchange exchange, VertxCall call) {
        URI base = settings.baseUrl();
        String query = exchange.getMessage().getHeader(Exchange.HTTP_QUERY, String.class);
        String path = base.getRawPath() + call.request().path() + (query == null ? "" : "?" + query);
        HttpRequest<Buffer> request = endpoint.getWebClient()
                .request(HttpMethod.valueOf(call.request().method()), port(base), base.getHost(), path)
                .connectTimeout(settings.connectTimeout()
                        .plus(settings.responseTimeout())
                        .toMillis())
                .as(call);
        if (call.proxy() != null) {
            request.proxy(call.proxy());
        }
        binding.populateRequestHeaders(
                endpoint, exchange, request, endpoint.getConfiguration().getHeaderFilterStrategy());
        if (HttpMethod.POST.equals(request.method())) {
            request.putHeader("Content-Length", "0"); // without it a gateway may answer 411
        }
        return request;
    }

    private int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : settings.isEncrypted() ? 443 : 80;
    }

    /** Runs on the event loop. */
    private void complete(Exchange exchange, VertxCall call, AsyncResult<HttpResponse<Buffer>> result) {
        exchange.getMessage().removeHeaders("*"); // those of the request: they hold the authentication
        try {
            if (result.failed()) {
                exchange.setException(call.failure(result.cause()));
            } else if (call.proxy() != null
                    && result.result().statusCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED) {
                exchange.setException(call.refusedByProxy(result.result().statusCode()));
            } else {
                binding.handleResponse(endpoint, exchange, result);
            }
        } catch (Exception | Error e) { // Vert.x would drop an error, and the exchange would never complete
            exchange.setException(ApiCallException.noResponse(e));
        }
    }
}
