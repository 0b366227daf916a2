package org.keyrotation.app.bench;

import org.keyrotation.sandbox.SandboxBroker;

/** The broker in a JVM of its own, until SIGTERM. */
final class BrokerMain {

    static final String ADDRESS_PREFIX = "broker at ";

    private BrokerMain() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws InterruptedException {
        SandboxBroker broker = SandboxBroker.start();
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        System.out.println(ADDRESS_PREFIX + broker.bootstrapServers());
        Thread.currentThread().join();
    }
}
