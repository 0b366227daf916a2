package org.keyrotation.app;

import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * Creates a class data sharing archive of the packaged app up to its first key. The tests start the app so often that
 * its start is half of their cost.
 */
final class ClassArchive {

    static final String FILE = AppProcess.target("rotation-app.jsa");

    private ClassArchive() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws Exception {
        System.exit(create()); // exits after the broker has removed its directory
    }

    private static int create() throws Exception {
        try (SandboxBroker broker = SandboxBroker.start();
                SimulatedManagementApi api = SimulatedManagementApi.start()) {
            AppFixture fixture = new AppFixture(broker, api);
            try (AppProcess app =
                    fixture.launch().jvm("-XX:ArchiveClassesAtExit=" + FILE).start()) {
                fixture.request(fixture.credential(1));
                fixture.awaitKeyEvents(1);
                return app.terminate() == 143 ? 0 : 1;
            }
        }
    }
}
