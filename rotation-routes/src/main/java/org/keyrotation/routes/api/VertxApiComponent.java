package org.keyrotation.routes.api;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.vertx.http.VertxHttpComponent;
import org.apache.camel.component.vertx.http.VertxHttpEndpoint;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.ThreadPools;

/**
 * The camel-vertx-http component of the API routes. It has a Vert.x instance of its own, and leaves the host application's
 * component and Vert.x instance as they are. The Vert.x client has no retries and no cookies.
 */
final class VertxApiComponent extends VertxHttpComponent {

    /** One is enough, and lets the last check of the ownership run on the thread that writes the request. */
    private static final int EVENT_LOOPS = 1;

    private final ApiSettings settings;
    private final ApiMeters meters;
    private final ThreadPools pools;
    private @Nullable Vertx ownVertx;

    VertxApiComponent(ApiSettings settings, ApiMeters meters, ThreadPools pools) {
        this.settings = settings;
        this.meters = meters;
        this.pools = pools;
    }

    @Override
    protected void doStart() throws Exception {
        ownVertx = Vertx.vertx(vertxOptions());
        setVertx(ownVertx);
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        if (ownVertx != null) {
            ownVertx.close();
            ownVertx = null;
        }
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        setWebClientOptions(webClientOptions());
        VertxHttpEndpoint endpoint = (VertxHttpEndpoint) super.createEndpoint(uri, remaining, parameters);
        // Camel binds the parameters of the URI by a class that it generates for its own component alone.
        endpoint.getConfiguration().setThrowExceptionOnFailure(false);
        return new VertxApiEndpoint(uri, this, endpoint.getConfiguration(), settings, meters, pools);
    }

    /** Camel's own use of them ignores protocols, cipher suites and custom trust managers. */
    @Override
    public boolean isUseGlobalSslContextParameters() {
        return false;
    }

    /** The client serves no files, so it needs no temporary folder. */
    private static VertxOptions vertxOptions() {
        return new VertxOptions()
                .setEventLoopPoolSize(EVENT_LOOPS)
                .setUseDaemonThread(true)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false))
                .setAddressResolverOptions(new AddressResolverOptions().setRoundRobinInetAddress(true));
    }

    private WebClientOptions webClientOptions() throws GeneralSecurityException, IOException {
        WebClientOptions options = new WebClientOptions();
        options.setFollowRedirects(false)
                .setConnectTimeout((int) settings.connectTimeout().toMillis())
                .setSslHandshakeTimeout(settings.connectTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxPoolSize(settings.maxInFlight())
                .setKeepAliveTimeout((int) ApiHttp.MAX_IDLE.toSeconds())
                .setDecompressionSupported(true)
                .setSsl(settings.isEncrypted());
        if (settings.isEncrypted()) {
            VertxTls tls = new VertxTls(sslContext());
            options.setSslEngineOptions(tls).setEnabledSecureTransportProtocols(Set.copyOf(tls.enabledProtocols()));
        }
        return options;
    }

    private SSLContext sslContext() throws GeneralSecurityException, IOException {
        SSLContextParameters parameters = getCamelContext().getSSLContextParameters();
        return parameters == null ? SSLContext.getDefault() : parameters.createSSLContext(getCamelContext());
    }
}
