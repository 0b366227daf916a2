package org.keyrotation.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** 9876 where nobody else has it, so that the README's addresses work; any other one where somebody has. */
final class ManagementPort {

    private static final int USUAL = 9876;

    private ManagementPort() {}

    static int free() throws IOException {
        try {
            return tryPort(USUAL);
        } catch (IOException taken) {
            return tryPort(0);
        }
    }

    static int any() throws IOException {
        return tryPort(0);
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
