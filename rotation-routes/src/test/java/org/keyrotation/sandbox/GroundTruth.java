package org.keyrotation.sandbox;

import java.util.List;

/** The true state of the simulated API, which tests compare with events. */
public final class GroundTruth {

    private final SimulatedFleet fleet;
    private final RequestLog log;

    GroundTruth(SimulatedFleet fleet, RequestLog log) {
        this.fleet = fleet;
        this.log = log;
    }

    /**
     * Whether this client key works now, by the API's clock. It must be past its activation delay, the newest or the
     * previous key within 24 hours, and of an active credential.
     */
    public boolean works(String clientKey) {
        return fleet.works(clientKey);
    }

    /**
     * The newest key, even before it is usable.
     *
     * @throws IllegalArgumentException if the credential does not exist
     */
    public String currentKey(String companyId, String apiCredentialId) {
        CredentialId id = new CredentialId(companyId, apiCredentialId);
        return fleet.view(id)
                .map(CredentialView::clientKey)
                .orElseThrow(() -> new IllegalArgumentException("no such credential: " + id));
    }

    /** Every rotation of this credential, oldest first, without its initial key. */
    public List<Generation> generations(String companyId, String apiCredentialId) {
        return fleet.generations(new CredentialId(companyId, apiCredentialId));
    }

    public int totalGenerations() {
        return fleet.totalGenerations();
    }

    /** The maximum number of concurrent calls. */
    public int maxInFlight() {
        return log.maxInFlight();
    }

    /** The maximum number of concurrent calls of generateClientKey for one credential. */
    public int maxInFlightPerCredential() {
        return log.maxInFlightPerCredential();
    }
}
