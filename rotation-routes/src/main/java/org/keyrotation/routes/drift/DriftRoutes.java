package org.keyrotation.routes.drift;

import static org.keyrotation.routes.rotate.RotateRoutes.PUBLISH_DRIFTED_KEY;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.apache.camel.LoggingLevel;
import org.keyrotation.routes.api.CredentialLister;
import org.keyrotation.routes.camel.FutureProcessor;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.drift.DriftSettings.Mode;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerConflictException;
import org.keyrotation.routes.rotate.DriftedKey;

/** Routes that find keys which were rotated by hand, and report or publish them. They generate no key. */
public final class DriftRoutes extends PrefixedRoutes {

    /** Body in: {@link ListedKeys}. It fails with no exception: the next tick finds the same keys. */
    public static final String CHECK_DRIFT = "check-drift";

    private static final String RECORD_DRIFT = "record-drift";

    private final DriftSettings settings;
    private final Ledger ledger;
    private final Clock clock;
    private final MeterRegistry meters;

    public DriftRoutes(Prefix prefix, DriftSettings settings, Ledger ledger, Clock clock, MeterRegistry meters) {
        super(prefix);
        this.settings = settings;
        this.ledger = ledger;
        this.clock = clock;
        this.meters = meters;
    }

    @Override
    protected void routes() {
        CredentialLister lister = new CredentialLister(getContext(), prefix());
        DriftDetector detector = new DriftDetector(settings.mode(), ledger, lister, clock);
        if (settings.mode() != Mode.OFF) {
            Gauge.builder("rotation.drifted.credentials", detector, DriftDetector::driftedCount)
                    .description(
                            "Credentials of the fleet whose key was rotated by hand, as of the last run of the schedule")
                    .register(meters);
        }
        checkDrift(detector);
        recordDrift(detector);
    }

    // spotless:off
    private void checkDrift(DriftDetector detector) {
        from(direct(CHECK_DRIFT)).routeId(CHECK_DRIFT).errorHandler(defaultErrorHandler())
            .description("Compares the keys that the API lists with those of the ledger")
            .onException(LedgerConflictException.class)
                .handled(true)
            .end()
            .onException(Exception.class)
                .handled(true)
                .log(LoggingLevel.WARN, "The check for keys that were rotated by hand failed, will retry at the next tick: ${exception.message}")
            .end()
            .process(detector::findDrifted)
            .split(body())
                .to(direct(settings.mode() == Mode.PUBLISH ? PUBLISH_DRIFTED_KEY : RECORD_DRIFT))
            .end();
    }

    private void recordDrift(DriftDetector detector) {
        from(direct(RECORD_DRIFT)).routeId(RECORD_DRIFT)
            .description("Records in the ledger that a key was rotated by hand")
            .process(new FutureProcessor<>(DriftedKey.class, detector::record)).id("record-drift-report");
    }
    // spotless:on
}
