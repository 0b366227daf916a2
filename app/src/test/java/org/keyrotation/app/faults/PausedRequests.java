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

/**
 * Requests that are suspended in an app, each at a crash point and in a partition of its own. A request has the id of
 * its crash point.
 */
final class PausedRequests {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final FaultTestFixture fixture;
    private final AppProcess app;
    private int nextPartition;

    PausedRequests(FaultTestFixture fixture, AppProcess app) {
        this.fixture = fixture;
        this.app = app;
    }

    static AppProcess.Launch armed(AppProcess.Launch launch, List<String> crashPoints) {
        return launch.property("camel.beans.crashPoint", "#class:" + CrashPoint.class.getName())
                .property("crash.at", String.join(",", crashPoints));
    }

    void awaitArmed(List<String> crashPoints) {
        app.awaitReady();
        for (String crashPoint : crashPoints) {
            String node = crashPoint.substring(crashPoint.indexOf(':') + 1);
            assertThat(crashPointLines())
                    .as("the routes have a node %s", node)
                    .contains("CRASH POINT armed at " + node);
        }
    }

    private List<String> crashPointLines() {
        return app.lines().filter(line -> line.startsWith("CRASH POINT")).toList();
    }

    /** Suspends one request at each crash point. It passes the crash points at which others are suspended already. */
    void pause(List<String> crashPoints, Fault... faults) {
        for (String crashPoint : crashPoints) {
            send(crashPoint, faults);
            awaitPaused(crashPoint);
        }
    }

    /** Suspends requests that must end in this failure. */
    void pauseFailing(List<String> crashPoints, FailureCode code, Fault fault) {
        for (String crashPoint : crashPoints) {
            fixture.requests.sendFailing(request(crashPoint, fault), code);
            awaitPaused(crashPoint);
        }
    }

    CredentialId send(String id, Fault... faults) {
        RotationRequest request = request(id, faults);
        fixture.requests.send(request);
        return request.credential();
    }

    private RotationRequest request(String id, Fault... faults) {
        CredentialId credential = credentialOfPartition(nextPartition++);
        fixture.api.faults().failNext(credential.companyId(), credential.apiCredentialId(), faults);
        return new RotationRequest(
                id, credential.companyId(), credential.apiCredentialId(), null, null, Instant.now(), false);
    }

    private void awaitPaused(String crashPoint) {
        Awaitility.await("a request paused at " + crashPoint + " in " + app)
                .atMost(TIMEOUT)
                .until(() -> crashPointLines().contains("CRASH POINT reached " + crashPoint));
    }

    private CredentialId credentialOfPartition(int partition) {
        for (int number = 0; ; number++) {
            CredentialId candidate = new CredentialId(fixture.appFixture.company, "S2-" + partition + "-" + number);
            byte[] key = Utils.utf8(candidate.toString());
            if (Utils.toPositive(Utils.murmur2(key)) % FaultTestFixture.PARTITIONS == partition) {
                return fixture.add(candidate);
            }
        }
    }
}
