package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** An HTTP proxy on loopback that tunnels CONNECT for one user. */
final class TunnelProxy implements AutoCloseable {

    static final String USER = "proxy-user";
    static final String PASSWORD = "CANARY-of-the-proxy";

    private static final Pattern AUTHORIZATION = Pattern.compile("(?i:Proxy-Authorization: )"
            + Pattern.quote("Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(US_ASCII))));

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> tunnels = new CopyOnWriteArrayList<>();

    TunnelProxy() throws IOException {
        threads.execute(this::acceptAll);
    }

    int port() {
        return server.getLocalPort();
    }

    /** The targets of the tunnels so far, {@code host:port}. */
    List<String> tunnels() {
        return tunnels;
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            while (!AUTHORIZATION.matcher(head).find()) {
                write(
                        client,
                        "407 Proxy Authentication Required",
                        "Proxy-Authenticate: Basic realm=proxy",
                        "Content-Length: 0");
                head = head(client.getInputStream());
            }
            String target = head.split(" ", 3)[1];
            String[] hostAndPort = target.split(":", 2);
            try (Socket api = new Socket(hostAndPort[0], Integer.parseInt(hostAndPort[1]))) {
                tunnels.add(target);
                write(client, "200 Connection established");
                threads.execute(() -> copy(api, client));
                copy(client, api);
            }
        } catch (IOException e) {
            // The client is gone.
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void write(Socket client, String status, String... headers) throws IOException {
        String head = "HTTP/1.1 " + status + "\r\n" + String.join("\r\n", headers);
        client.getOutputStream().write((head.strip() + "\r\n\r\n").getBytes(US_ASCII));
    }

    private static void copy(Socket from, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            from.getInputStream().transferTo(out);
            to.shutdownOutput();
        } catch (IOException e) {
            // One end is gone.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
