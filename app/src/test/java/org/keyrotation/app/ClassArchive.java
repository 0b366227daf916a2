package org.keyrotation.app;

import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * Makes an archive of the classes that the packaged app loads until its first key, as the README tells for a service: the
 * tests start it so often that its start is half of what they cost.
 */
final class ClassArchive {

    static final String FILE = AppProcess.target("rotation-app.jsa");

    private ClassArchive() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws Exception {
        System.exit(make()); // once the broker's directory is removed
    }

    private static int make() throws Exception {
        try (SandboxBroker broker = SandboxBroker.start();
                SimulatedManagementApi api = SimulatedManagementApi.start()) {
            AppFixture work = new AppFixture(broker, api);
            try (AppProcess app =
                    work.app().jvm("-XX:ArchiveClassesAtExit=" + FILE).start()) {
                work.ask(work.credential(1));
                work.awaitKeyEvents(1);
                return app.terminate() == 143 ? 0 : 1;
            }
        }
    }
}
