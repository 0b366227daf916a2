package org.keyrotation.routes.intake;

import java.time.Duration;
import org.keyrotation.routes.kafka.InFlightRecord;
import org.keyrotation.routes.kafka.StartPolicy;
import org.keyrotation.routes.rotate.AdmissionControl;
import org.keyrotation.routes.rotate.Rotation;

/**
 * Start policy by company, which is the flow: the key of a request is {@code companyId/apiCredentialId}. A throttled company
 * waits for its permits.
 */
final class CompanyStartPolicy implements StartPolicy {

    private final AdmissionControl admission;
    private final RequestParser parser;

    CompanyStartPolicy(AdmissionControl admission, RequestParser parser) {
        this.admission = admission;
        this.parser = parser;
    }

    @Override
    public Duration tryAcquireStart(String companyId) {
        return admission.tryAcquireStart(companyId);
    }

    /** A record that cannot be evaluated needs no permit: its route meets the same error and handles it. */
    @Override
    public boolean needsPermit(InFlightRecord inFlight) {
        try {
            return parser.parse(inFlight) instanceof Rotation rotation && admission.needsApiCall(rotation);
        } catch (RuntimeException e) {
            return false;
        }
    }
}
