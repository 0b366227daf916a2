package org.keyrotation.routes.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lease with a clock and a count of heartbeat responses that the test sets. */
class GroupLeaseTest {

    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(45);
    private static final Duration TICK = Duration.ofNanos(1);

    private long nanoTime = Long.MAX_VALUE - 10; // System.nanoTime() may overflow
    private double heartbeatResponses;
    private final GroupLease lease = new GroupLease(SESSION_TIMEOUT, () -> heartbeatResponses, () -> nanoTime);

    @Nested
    class Expiry {

        @Test
        void leaseIsValidFromTheStart() {
            assertThat(lease.isValid()).isTrue();
        }

        @Test
        void leaseIsValidForExactlyTheSessionTimeout() {
            pass(SESSION_TIMEOUT);

            assertThat(lease.isValid()).isTrue();
        }

        @Test
        @Tag("I2")
        void leaseExpiresAfterTheSessionTimeoutWithoutAHeartbeatResponse() {
            pass(SESSION_TIMEOUT.plus(TICK));

            assertThat(lease.isValid()).isFalse();
        }
    }

    @Nested
    class Heartbeats {

        @Test
        void checkWithoutAResponseDoesNotRenewTheLease() {
            pass(SESSION_TIMEOUT);
            lease.renewOnHeartbeat();
            pass(TICK);
            lease.renewOnHeartbeat();

            assertThat(lease.isValid()).isFalse();
        }

        @Test
        void responseWithoutACheckDoesNotRenewTheLease() {
            lease.renewOnHeartbeat();
            heartbeatResponses++;
            pass(SESSION_TIMEOUT.plus(TICK));

            assertThat(lease.isValid()).isFalse();
        }

        /** The broker may have received the heartbeat as early as the previous response. */
        @Test
        @Tag("I2")
        void responseRenewsTheLeaseFromThePreviousResponse() {
            pass(Duration.ofSeconds(10));
            heartbeatResponses++;
            lease.renewOnHeartbeat();
            pass(Duration.ofSeconds(20));
            lease.renewOnHeartbeat();
            heartbeatResponses++;
            lease.renewOnHeartbeat();

            pass(Duration.ofSeconds(25));
            assertThat(lease.isValid()).isTrue();
            pass(TICK);
            assertThat(lease.isValid()).isFalse();
        }

        @Test
        void responseRenewsTheLeaseOnce() {
            lease.renewOnHeartbeat();
            heartbeatResponses++;
            lease.renewOnHeartbeat();
            pass(SESSION_TIMEOUT);
            lease.renewOnHeartbeat();
            pass(TICK);

            assertThat(lease.isValid()).isFalse();
        }

        @Test
        void regularResponsesKeepTheLeaseValid() {
            for (int heartbeat = 0; heartbeat < 100; heartbeat++) {
                pass(Duration.ofSeconds(3));
                heartbeatResponses++;
                lease.renewOnHeartbeat();
                assertThat(lease.isValid()).isTrue();
            }
        }
    }

    /** The process is stopped for an hour. */
    @Nested
    class LongStop {

        @Test
        @Tag("I2")
        void responseAfterTheStopDoesNotRenewTheLeaseBeforeACheck() {
            lease.renewOnHeartbeat();
            pass(Duration.ofHours(1));
            heartbeatResponses++;

            assertThat(lease.isValid()).isFalse();
        }

        @Test
        @Tag("I2")
        void firstCheckAfterTheStopDoesNotRenewTheLeaseByAResponseFromBefore() {
            lease.renewOnHeartbeat();
            heartbeatResponses++;
            pass(Duration.ofHours(1));
            lease.renewOnHeartbeat();

            assertThat(lease.isValid()).isFalse();
        }

        @Test
        void secondResponseAfterTheStopRenewsTheLease() {
            pass(Duration.ofHours(1));
            heartbeatResponses++;
            lease.renewOnHeartbeat();
            heartbeatResponses++;
            lease.renewOnHeartbeat();

            assertThat(lease.isValid()).isTrue();
        }
    }

    @Nested
    class Assignment {

        @Test
        void assignmentRenewsTheLeaseForAnotherSessionTimeout() {
            pass(Duration.ofHours(1));
            lease.renew();

            pass(SESSION_TIMEOUT);
            assertThat(lease.isValid()).isTrue();
            pass(TICK);
            assertThat(lease.isValid()).isFalse();
        }

        @Test
        void firstResponseAfterAnAssignmentRenewsTheLeaseFromTheAssignment() {
            lease.renewOnHeartbeat();
            pass(Duration.ofHours(1));
            lease.renew();
            heartbeatResponses++;
            lease.renewOnHeartbeat();

            assertThat(lease.isValid()).isTrue();
        }
    }

    private void pass(Duration time) {
        nanoTime += time.toNanos();
    }
}
