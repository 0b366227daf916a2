package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy on loopback that gives every request the same answer and closes the connection. The JVM's default {@link
 * ProxySelector} selects it for the authority of one API alone, so that concurrent tests keep their direct connections.
 */
final class TestProxy implements AutoCloseable {

    private static final Map<String, TestProxy> BY_AUTHORITY = new ConcurrentHashMap<>();

    static {
        ProxySelector.setDefault(new Selector(ProxySelector.getDefault()));
    }

    private final ServerSocket server;
    private final String authority;
    private final String answer;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private TestProxy(URI api, String answer) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.authority = authority(api);
        this.answer = answer;
    }

    /** @param answer to send to every request, byte for byte; empty to close the connection at once */
    static TestProxy inFrontOf(URI api, String answer) throws IOException {
        TestProxy proxy = new TestProxy(api, answer);
        BY_AUTHORITY.put(proxy.authority, proxy);
        Thread thread = new Thread(proxy::serve, "test-proxy");
        thread.setDaemon(true);
        thread.start();
        return proxy;
    }

    private static String authority(URI uri) {
        return uri.getHost() + ":" + (uri.getPort() < 0 ? 443 : uri.getPort());
    }

    /** For example {@code localhost:3128}. */
    String address() {
        return server.getInetAddress().getHostName() + ":" + server.getLocalPort();
    }

    /** The request lines that the proxy received, oldest first. */
    List<String> requests() {
        return requests;
    }

    /** From now on nothing listens at the address of the proxy. */
    void stopListening() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                readHead(socket);
                socket.getOutputStream().write(answer.getBytes(US_ASCII));
            } catch (IOException e) {
                // The client is gone, or the proxy is stopped.
            }
        }
    }

    private void readHead(Socket socket) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        requests.add(String.valueOf(reader.readLine()));
        String line = reader.readLine();
        while (line != null && !line.isEmpty()) {
            line = reader.readLine();
        }
    }

    @Override
    public void close() {
        BY_AUTHORITY.remove(authority);
        stopListening();
    }

    private static final class Selector extends ProxySelector {
        private final ProxySelector other;

        Selector(ProxySelector other) {
            this.other = other;
        }

        @Override
        public List<Proxy> select(URI uri) {
            TestProxy proxy = BY_AUTHORITY.get(authority(uri));
            return proxy == null
                    ? other.select(uri)
                    : List.of(new Proxy(
                            Proxy.Type.HTTP,
                            new InetSocketAddress(proxy.server.getInetAddress(), proxy.server.getLocalPort())));
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            other.connectFailed(uri, address, failure);
        }
    }
}
