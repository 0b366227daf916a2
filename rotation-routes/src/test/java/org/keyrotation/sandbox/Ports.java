package org.keyrotation.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Finds free ports on loopback. */
public final class Ports {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int FIRST = 20_000;
    private static final int COUNT = 3_000;

    /** Surefire runs four JVMs with tests. Each has ports of its own, and a process that a test starts has others. */
    private static final int RANGE = FIRST + COUNT * (Integer.getInteger("surefire.forkNumber", 0) % 4);

    /** A port stays free until a server listens on it, and a broker needs two: allocate each port once. */
    private static final Set<Integer> ALLOCATED = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /** Stays below Linux's ephemeral ports: a broker must find its port free when it restarts. */
    public static int free() {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = RANGE + RANDOM.nextInt(COUNT);
            if (isFree(port) && ALLOCATED.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from %d to %d".formatted(RANGE, RANGE + COUNT - 1));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
