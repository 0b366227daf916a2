package org.keyrotation.routes.ledger;

import org.keyrotation.routes.config.SettingsReader;

/**
 * Settings of the ledger.
 *
 * @param topic a topic that is compacted, and from which nothing is deleted
 */
public record LedgerSettings(String topic) {

    /** Reads them; the problems are the reader's. */
    public static LedgerSettings read(SettingsReader in) {
        return new LedgerSettings(in.topic("rotation.topics.ledger", "rotation.ledger"));
    }
}
