package org.keyrotation.app.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keyrotation.app.follow.FollowedRequest;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.PlannedRotation;
import org.keyrotation.model.PlannedRotation.State;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.intake.OpenRequest;

class TablesTest {

    private static final Instant TIME = Instant.parse("2026-11-23T07:00:00Z");
    private static final RotationPlan EMPTY = new RotationPlan(List.of(), List.of());

    @Test
    void textOfStrangersDoesNotControlTheTerminal() {
        FollowedRequest request = followed("S2-1", "\u001b[2J\u202egnp\n");

        assertThat(Tables.outcomes(EMPTY, List.of(request)))
                .contains("?[2J?gnp?")
                .doesNotContain("\u001b", "\u202e")
                .hasLineCount(3);
    }

    @Test
    void rowsThatNeedAPersonComeFirst() {
        RotationPlan plan = new RotationPlan(
                List.of(
                        planned("S2-3", true, State.INACTIVE),
                        planned("S2-4", false, State.INACTIVE),
                        planned("S2-5", true, State.UNKNOWN),
                        planned("S2-6", false, State.FAILED),
                        planned("S2-7", false, State.TOO_YOUNG)),
                List.of());
        List<FollowedRequest> followed = List.of(
                followed("S2-1", "").with(RequestState.ROTATED),
                followed("S2-2", ""),
                followed("S2-9", "").with(RequestState.FAILED));

        assertThat(Tables.outcomes(plan, followed).lines().skip(1))
                .extracting(line -> line.split(" +", 2)[0])
                .startsWith(
                        "AcmeCorp/S2-9",
                        "AcmeCorp/S2-6",
                        "AcmeCorp/S2-5",
                        "AcmeCorp/S2-3",
                        "AcmeCorp/S2-2",
                        "AcmeCorp/S2-1");
        assertThat(Tables.plan(plan).lines().skip(1))
                .extracting(line -> line.split(" +", 2)[0])
                .startsWith("AcmeCorp/S2-6", "AcmeCorp/S2-5", "AcmeCorp/S2-3", "AcmeCorp/S2-7", "AcmeCorp/S2-4");
    }

    @Test
    void closedWindowAndPauseAreNamedWithTheNumberOfDueCredentials() {
        RotationPlan plan = new RotationPlan(
                List.of(planned("S2-1", false, State.PAUSED), planned("S2-2", false, State.WINDOW_CLOSED)), List.of());

        assertThat(Tables.outcomes(plan, List.of()))
                .isEqualTo(
                        """
                        A reason: 1 due credential is not requested.
                        A reason: 1 due credential is not requested.
                        1 paused, 1 window closed
                        """);
    }

    private static PlannedRotation planned(String id, boolean named, State state) {
        return new PlannedRotation(new CredentialId("AcmeCorp", id), named, state, null, null, "a reason");
    }

    private static FollowedRequest followed(String id, String reason) {
        RotationRequest request = new RotationRequest("request", "AcmeCorp", id, reason, "alice", TIME, false);
        return FollowedRequest.of(
                new OpenRequest(new RequestSource("requests", 0, 0), request, 0, null, Instant.EPOCH));
    }
}
