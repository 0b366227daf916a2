package org.keyrotation.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.keyrotation.sandbox.Ports;

/** Picks the port of health and metrics: 9876, the README's port, if it is free; otherwise any free port. */
final class ManagementPort {

    private static final int DEFAULT = 9876;

    private ManagementPort() {}

    static int free() {
        try {
            return tryPort(DEFAULT);
        } catch (IOException e) {
            return Ports.free();
        }
    }

    static boolean isFree(String port) {
        try {
            return tryPort(Integer.parseInt(port)) > 0;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private static int tryPort(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
