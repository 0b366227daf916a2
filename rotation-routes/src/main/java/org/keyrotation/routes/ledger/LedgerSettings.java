package org.keyrotation.routes.ledger;

import org.keyrotation.routes.config.SettingsReader;

/**
 * Settings of the ledger.
 *
 * @param topic a topic that is compacted, and from which nothing is deleted
 */
public record LedgerSettings(String topic) {

    /** Reads the settings of the ledger. The reader collects invalid ones as problems. */
    public static LedgerSettings read(SettingsReader in) {
        return new LedgerSettings(in.topic("rotation.topics.ledger", "rotation.ledger"));
    }
}
