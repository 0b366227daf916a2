package org.keyrotation.routes.api;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** TLS of the Vert.x client by an SSLContext of the JVM or of Camel, with its protocols and cipher suites. */
final class VertxTls extends JdkSSLEngineOptions {

    private final SSLContext context;
    private final List<String> enabledProtocols;
    private final List<String> enabledCipherSuites;

    VertxTls(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        this.context = context;
        this.enabledProtocols = List.of(engine.getEnabledProtocols());
        this.enabledCipherSuites = List.of(engine.getEnabledCipherSuites());
    }

    List<String> enabledProtocols() {
        return enabledProtocols;
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return () -> new JdkSslContext(
                context,
                true,
                enabledCipherSuites,
                IdentityCipherSuiteFilter.INSTANCE,
                null,
                ClientAuth.NONE,
                enabledProtocols.toArray(String[]::new),
                false);
    }

    @Override
    public VertxTls copy() {
        return this;
    }
}
