package org.keyrotation.app.faults;

import java.time.Duration;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Faults that pass: none of them is a reason to give a request up. */
final class FaultMix {

    private static final Duration SHORTLY = Duration.ofSeconds(1);

    private FaultMix() {}

    /**
     * For a share (0 to 1) of all answers. With idempotency the API also carries out calls that were given up long ago: a
     * slow one outlasts the response timeout. Without it nobody could tell, so each call is then done at once or never.
     */
    static void over(SimulatedManagementApi api, double share, long seed, boolean idempotency) {
        api.idempotency(idempotency);
        if (idempotency) {
            api.latency(Duration.ofMillis(5));
            api.tail(share / 10, Duration.ofSeconds(2));
        }
        api.faults().failRandomly(seed, share, ofCalls());
        api.faults().failReadsRandomly(seed + 1, share, ofReads());
    }

    private static Fault[] ofCalls() {
        return new Fault[] {
            Fault.status(500),
            Fault.status(500).transientError(),
            Fault.status(500).afterExecuting(),
            Fault.badGateway(),
            Fault.html(503),
            Fault.html(504).afterExecuting(),
            Fault.status(408),
            Fault.status(429).retryAfter(SHORTLY),
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

    private static Fault[] ofReads() {
        return new Fault[] {
            Fault.status(500),
            Fault.badGateway(),
            Fault.html(503),
            Fault.status(429).retryAfter(SHORTLY),
            Fault.hang(),
            Fault.reset(),
            Fault.truncated(),
            Fault.notJson(),
            Fault.withoutClientKey()
        };
    }
}
