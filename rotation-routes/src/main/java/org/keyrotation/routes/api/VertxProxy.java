package org.keyrotation.routes.api;

import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proxy that the JVM has for the API: that of its ProxySelector ({@code https.proxyHost}, {@code http.nonProxyHosts}),
 * with the password of its Authenticator, or of {@code https.proxyUser} and {@code https.proxyPassword}.
 */
final class VertxProxy {

    private final ApiSettings settings;

    VertxProxy(ApiSettings settings) {
        this.settings = settings;
    }

    /** Asks for each call, as HttpClient does. Null for a direct connection. */
    @Nullable
    ProxyOptions select() {
        ProxySelector selector = ProxySelector.getDefault();
        List<Proxy> proxies = selector == null ? List.of() : selector.select(settings.baseUrl());
        return proxies.stream()
                .filter(proxy -> proxy.type() != Proxy.Type.DIRECT)
                .findFirst()
                .map(this::options)
                .orElse(null);
    }

    private ProxyOptions options(Proxy proxy) {
        InetSocketAddress address = (InetSocketAddress) proxy.address();
        ProxyOptions options = new ProxyOptions()
                .setType(proxy.type() == Proxy.Type.SOCKS ? ProxyType.SOCKS5 : ProxyType.HTTP)
                .setHost(address.getHostString())
                .setPort(address.getPort())
                .setConnectTimeout(settings.connectTimeout());
        PasswordAuthentication login = login(options);
        return login == null
                ? options
                : options.setUsername(login.getUserName()).setPassword(new String(login.getPassword()));
    }

    private @Nullable PasswordAuthentication login(ProxyOptions proxy) {
        String scheme = settings.baseUrl().getScheme();
        PasswordAuthentication login = ofAuthenticator(proxy, scheme);
        String user = System.getProperty(scheme + ".proxyUser");
        boolean named = proxy.getHost().equalsIgnoreCase(System.getProperty(scheme + ".proxyHost"));
        return login != null || user == null || !named
                ? login
                : new PasswordAuthentication(
                        user, System.getProperty(scheme + ".proxyPassword", "").toCharArray());
    }

    private @Nullable PasswordAuthentication ofAuthenticator(ProxyOptions proxy, String scheme) {
        try {
            return Authenticator.requestPasswordAuthentication(
                    proxy.getHost(),
                    null,
                    proxy.getPort(),
                    scheme,
                    null,
                    "Basic",
                    settings.baseUrl().toURL(),
                    Authenticator.RequestorType.PROXY);
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
