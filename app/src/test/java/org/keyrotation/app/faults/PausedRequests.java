package org.keyrotation.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.utils.Utils;
import org.awaitility.Awaitility;
import org.keyrotation.app.AppProcess;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.Fault;

/** An app in which requests are held up, each at a place and in a partition of its own; its id is that of its place. */
final class PausedRequests {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final FaultTestFixture stage;
    private final AppProcess app;
    private int requests;

    PausedRequests(FaultTestFixture stage, AppProcess app) {
        this.stage = stage;
        this.app = app;
    }

    static AppProcess.Launch armed(AppProcess.Launch launch, List<String> places) {
        return launch.property("camel.beans.crashPoint", "#class:" + CrashPoint.class.getName())
                .property("crash.at", String.join(",", places));
    }

    void awaitArmed(List<String> places) {
        app.line("Ready:");
        for (String place : places) {
            String node = place.substring(place.indexOf(':') + 1);
            assertThat(told()).as("the routes have a node %s", node).contains("CRASH POINT armed at " + node);
        }
    }

    private List<String> told() {
        return app.lines().filter(line -> line.startsWith("CRASH POINT")).toList();
    }

    /** One request a place: it comes past those places where others are held up already. */
    void hold(List<String> places, Fault... faults) {
        for (String place : places) {
            ask(place, faults);
            awaitHeld(place);
        }
    }

    /** The same, of requests that must end in this failure. */
    void holdFailing(List<String> places, FailureCode code, Fault fault) {
        for (String place : places) {
            stage.requests.askInVain(request(place, fault), code);
            awaitHeld(place);
        }
    }

    CredentialId ask(String id, Fault... faults) {
        RotationRequest request = request(id, faults);
        stage.requests.ask(request);
        return request.credential();
    }

    private RotationRequest request(String id, Fault... faults) {
        CredentialId credential = credentialOfPartition(requests++);
        stage.api.faults().failNext(credential.companyId(), credential.apiCredentialId(), faults);
        return new RotationRequest(
                id, credential.companyId(), credential.apiCredentialId(), null, null, Instant.now(), false);
    }

    private void awaitHeld(String place) {
        Awaitility.await("a request held up " + place + " in " + app)
                .atMost(PATIENCE)
                .until(() -> told().contains("CRASH POINT reached " + place));
    }

    private CredentialId credentialOfPartition(int partition) {
        for (int number = 0; ; number++) {
            CredentialId candidate = new CredentialId(stage.work.company, "S2-" + partition + "-" + number);
            byte[] key = Utils.utf8(candidate.toString());
            if (Utils.toPositive(Utils.murmur2(key)) % FaultTestFixture.PARTITIONS == partition) {
                return stage.add(candidate);
            }
        }
    }
}
