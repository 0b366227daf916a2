package org.keyrotation.app.follow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationRequest;

class FollowedRequestTest {

    private static final Instant NOW = Instant.parse("2026-11-23T07:00:00Z");
    private static final RotationRequest REQUEST =
            RotationRequest.of(new CredentialId("AcmeCorp", "S2-1")).completed("1", NOW);

    /** The service may publish to another failures topic than the one that is read. */
    @Test
    void newRequestThatHasFailedWithoutAnEventHasFailed() {
        FollowedRequest failed = FollowedRequest.made(REQUEST).with(RequestState.FAILED);

        assertThat(failed.state()).isEqualTo(RequestState.FAILED);
        assertThat(failed.detail()).isEqualTo("it failed, see the failures topic of the service");
    }

    @Test
    void earlierRequestThatIsSettledWithoutANewerKeyHasFailed() {
        assertThat(FollowedRequest.due(REQUEST).with(RequestState.FAILED).state())
                .isEqualTo(RequestState.FAILED);
    }
}
