package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The packaged app with Camel's switch for virtual threads. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsIT {

    private static final int CALLS = 20;

    @Test
    void callsWaitOnVirtualThreadsIfCamelEnablesThem(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        AppFixture fixture = new AppFixture(broker, api);
        api.latency(Duration.ofSeconds(5));
        try (AppProcess app =
                fixture.launch().property("camel.threads.virtual.enabled", true).start()) {
            app.awaitReady();
            for (CredentialId credential : fixture.credentials(CALLS)) {
                fixture.request(credential);
            }
            await().atMost(Duration.ofMinutes(3)).until(() -> api.truth().maxInFlight() == CALLS);
            assertThat(platformThreads(app)).contains("main").doesNotContain("rotation-blocking");

            api.latency(Duration.ZERO);
            fixture.awaitAllCommitted();
            assertThat(app.terminate()).isIn(0, 143);
        }
        assertThat(fixture.keyEvents()).hasSize(CALLS);
    }

    /** A thread dump, which omits virtual threads. */
    private static String platformThreads(AppProcess app) throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process dump = new ProcessBuilder(jcmd, Long.toString(app.pid()), "Thread.print").start();
        return new String(dump.getInputStream().readAllBytes(), UTF_8);
    }
}
