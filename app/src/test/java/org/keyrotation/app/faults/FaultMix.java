package org.keyrotation.app.faults;

import java.time.Duration;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** A mix of transient faults, none of which justifies a failure event. */
final class FaultMix {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private FaultMix() {}

    /**
     * Applies the mix to a share (0 to 1) of all responses. With idempotency, some calls outlast the response timeout
     * and execute later. Without it, no client could detect such a call, so each call executes at once or never.
     */
    static void apply(SimulatedManagementApi api, double share, long seed, boolean idempotency) {
        api.idempotency(idempotency);
        if (idempotency) {
            api.latency(Duration.ofMillis(5));
            api.tail(share / 10, Duration.ofSeconds(2));
        }
        api.faults().failRandomly(seed, share, callFaults());
        api.faults().failReadsRandomly(seed + 1, share, readFaults());
    }

    private static Fault[] callFaults() {
        return new Fault[] {
            Fault.status(500),
            Fault.status(500).transientError(),
            Fault.status(500).afterExecuting(),
            Fault.badGateway(),
            Fault.html(503),
            Fault.html(504).afterExecuting(),
            Fault.html(403),
            Fault.html(403).afterExecuting(),
            Fault.html(407).afterExecuting(),
            Fault.html(429).afterExecuting(),
            Fault.empty(404),
            Fault.status(408),
            Fault.status(429).retryAfter(RETRY_AFTER),
            Fault.status(429),
            Fault.inProgress(),
            Fault.status(422, "704"),
            Fault.idempotencyStoreDown(),
            Fault.hang(),
            Fault.hang().afterExecuting(),
            Fault.reset(),
            Fault.reset().afterExecuting(),
            Fault.truncated(),
            Fault.notJson(),
            Fault.noContent(),
            Fault.withoutClientKey()
        };
    }

    private static Fault[] readFaults() {
        return new Fault[] {
            Fault.status(500),
            Fault.badGateway(),
            Fault.html(503),
            Fault.html(403),
            Fault.empty(404),
            Fault.status(429).retryAfter(RETRY_AFTER),
            Fault.hang(),
            Fault.reset(),
            Fault.truncated(),
            Fault.notJson()
        };
    }
}
