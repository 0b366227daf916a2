package org.keyrotation.routes.rotate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.retry.RetryMetadata;

/** The wait of a direct call behind another holder. */
class HolderWaitTest {

    /** The caller's thread would be blocked for ever. */
    @Test
    void waitEndsWhenItsPoolIsShutDown() {
        Instant now = Instant.now();
        RotationRequest request =
                new RotationRequest("mine", "AcmeCorp", "S2-1", null, null, now, false).completed("unnamed", now);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        HolderWait holderWait = new HolderWait(rotation -> true, Duration.ofSeconds(30), pool);

        CompletableFuture<Rotation> waiting =
                holderWait.await(Rotation.of(request, RetryMetadata.first(null, now), PartitionOwnership.UNFENCED));
        pool.shutdownNow();

        assertThat(waiting)
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(RejectedExecutionException.class);
    }
}
