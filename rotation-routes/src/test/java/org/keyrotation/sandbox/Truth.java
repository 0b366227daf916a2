package org.keyrotation.sandbox;

import java.util.List;

/** What the simulated API knows for certain: tests count here. */
public final class Truth {

    private final Fleet fleet;
    private final RequestLog log;

    Truth(Fleet fleet, RequestLog log) {
        this.fleet = fleet;
        this.log = log;
    }

    /**
     * Whether this client key works now, by the API's clock: it is past its activation delay, was not replaced 24 hours
     * ago or twice, and its credential is active.
     */
    public boolean works(String clientKey) {
        return fleet.works(clientKey);
    }

    /**
     * The key that was generated last, whether it works yet or not.
     *
     * @throws IllegalArgumentException where there is no such credential
     */
    public String currentKey(String companyId, String apiCredentialId) {
        CredentialId id = new CredentialId(companyId, apiCredentialId);
        return fleet.view(id)
                .map(CredentialView::clientKey)
                .orElseThrow(() -> new IllegalArgumentException("no such credential: " + id));
    }

    /** Every rotation of this credential, oldest first; the key that it was added with is none. */
    public List<Generation> generations(String companyId, String apiCredentialId) {
        return fleet.generations(new CredentialId(companyId, apiCredentialId));
    }

    public int totalGenerations() {
        return fleet.totalGenerations();
    }

    /** The most calls that were under way at once. */
    public int maxInFlight() {
        return log.maxInFlight();
    }

    /** The most calls of generateClientKey that were under way at once for any one credential. */
    public int maxInFlightOfOneCredential() {
        return log.maxInFlightOfOne();
    }
}
